import type { ReactNode } from "react";
import { Icon } from "./Icon";

/** The button of a table's row that opens what there is to know more about it. */
export function RowToggle({
  open,
  controls,
  onToggle,
  children,
}: {
  open: boolean;
  /** The id of the row that opens. */
  controls: string;
  onToggle: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className="row-toggle"
      aria-expanded={open}
      aria-controls={open ? controls : undefined}
      onClick={onToggle}
    >
      <Icon name="chevron" size={12} />
      <span>{children}</span>
    </button>
  );
}

/** What a row opened, below it and as wide as the table. */
export function DetailRow({ id, columns, children }: { id: string; columns: number; children: ReactNode }) {
  return (
    <tr role="row" className="detail-row" id={id}>
      <td role="cell" colSpan={columns}>
        {children}
      </td>
    </tr>
  );
}
