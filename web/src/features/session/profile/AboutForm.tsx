import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useSetting } from "@/api/command";
import { type Session, sessionQuery } from "@/api/session";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { updateProfileDocument } from "./operations";
import { ZoneSelect } from "./ZoneSelect";

const fields = ["displayName", "email", "timeZone"];

/** Name, mail and time zone; only what was changed is sent. */
export function AboutForm({ user }: { user: Session["user"] }) {
  const queryClient = useQueryClient();
  const update = useSetting(updateProfileDocument);
  const [displayName, setDisplayName] = useState(user.displayName ?? "");
  const [email, setEmail] = useState(user.email ?? "");
  const [timeZone, setTimeZone] = useState(user.timeZone ?? "");
  const [saved, setSaved] = useState(false);
  const touch = (set: (value: string) => void) => (value: string) => {
    setSaved(false);
    set(value);
  };

  const submit = async () => {
    const change = {
      ...changeOf("displayName", displayName, user.displayName),
      ...changeOf("email", email, user.email),
      ...changeOf("timeZone", timeZone, user.timeZone),
    };
    if (Object.keys(change).length > 0 && !(await update.submit(change))) return;
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    setSaved(true);
  };

  return (
    <form
      className="form"
      aria-label="About you"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label="Display name"
        required={false}
        autoComplete="name"
        hint={`Without one you are shown as ${user.username}.`}
        value={displayName}
        onChange={(event) => touch(setDisplayName)(event.target.value)}
        error={refusalsFor(update.refusals, "displayName")}
      />
      <TextField
        label="Mail address"
        type="email"
        required={false}
        autoComplete="email"
        value={email}
        onChange={(event) => touch(setEmail)(event.target.value)}
        error={refusalsFor(update.refusals, "email")}
      />
      <ZoneSelect value={timeZone} onChange={touch(setTimeZone)} error={refusalsFor(update.refusals, "timeZone")} />
      <Refusals refusals={otherRefusals(update.refusals, fields)} />
      <FailureNotice failure={update.failure} />
      <div className="profile-save">
        <Button type="submit" variant="primary" busy={update.busy}>
          Save
        </Button>
        <span role="status" className="muted">
          {saved ? "Saved." : ""}
        </span>
      </div>
    </form>
  );
}

/** Nothing for what stays as it is; null takes away. */
function changeOf<Key extends string>(key: Key, now: string, before: string | null | undefined): { [K in Key]?: string | null } {
  const value = now.trim();
  return value === (before ?? "") ? {} : ({ [key]: value === "" ? null : value } as { [K in Key]: string | null });
}
