import type { ComponentProps } from "react";
import { FormDialog } from "./FormDialog";

/** Something that is not taken back easily: what it means, and whether to do it. */
export function ConfirmDialog({ children, ...dialog }: Omit<ComponentProps<typeof FormDialog>, "fields" | "disabled">) {
  return (
    <FormDialog {...dialog}>
      <p>{children}</p>
    </FormDialog>
  );
}
