import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSetting } from "@/api/command";
import { type Session, sessionQuery } from "@/api/session";
import { Choice } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { chooseTheme, type Theme, themeOf } from "@/theme";
import { updateProfileDocument } from "./operations";

const options: { value: Theme; label: string }[] = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "system", label: "As the system" },
];

/** The theme of all one's devices: kept in the profile, and put on here at once. */
export function ThemeChoice({ user }: { user: Session["user"] }) {
  const queryClient = useQueryClient();
  const update = useSetting(updateProfileDocument);
  const kept = themeOf(user.theme ?? null);
  const [shown, setShown] = useState(kept);
  const choose = async (theme: Theme) => {
    setShown(theme);
    chooseTheme(theme);
    if (!(await update.submit({ theme: theme === "system" ? null : theme === "dark" ? "DARK" : "LIGHT" }))) {
      setShown(kept);
      return;
    }
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
  };
  return (
    <div className="form">
      <Choice
        label="On all your devices"
        options={options}
        value={shown}
        onChange={(theme) => void choose(theme)}
      />
      <p className="muted">The account menu changes it on this device alone, until you sign in again.</p>
      <Refusals refusals={update.refusals} />
      <FailureNotice failure={update.failure} />
    </div>
  );
}
