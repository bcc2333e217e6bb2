import { type FormEvent, useState } from "react";
import { type Command, otherRefusals, refusalsFor } from "@/api/command";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import type { NotificationKind } from "@/gql/graphql";
import { KindsField, type Told } from "./KindsField";

export interface Content {
  name: string;
  url: string;
  /** None: everything. */
  events: NotificationKind[];
}

const fields = ["name", "url", "events"];

/** Name, address and kinds of a webhook. */
export function WebhookForm({
  initial,
  submitLabel,
  command,
  onClose,
  onSubmit,
}: {
  initial: Content;
  submitLabel: string;
  command: Pick<Command<never, never>, "busy" | "refusals" | "failure">;
  onClose: () => void;
  onSubmit: (content: Content) => Promise<void>;
}) {
  const [name, setName] = useState(initial.name);
  const [url, setUrl] = useState(initial.url);
  const [told, setTold] = useState<Told>(initial.events.length === 0 ? "everything" : "some");
  const [kinds, setKinds] = useState<NotificationKind[]>(initial.events);
  const [missing, setMissing] = useState(false);
  const { refusals, failure, busy } = command;

  const submit = async () => {
    // To the server no kind means all of them.
    const none = told === "some" && kinds.length === 0;
    setMissing(none);
    if (none) return;
    await onSubmit({ name: name.trim(), url: url.trim(), events: told === "everything" ? [] : kinds });
  };
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label="Name"
        required
        maxLength={100}
        hint="Who listens there, so that you find it again."
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={refusalsFor(refusals, "name")}
      />
      <TextField
        label="Address"
        required
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="https://siem.example.com/aegis"
        hint="http or https. Addresses of the own network only where AEGIS_OUTBOUND_ALLOW names them."
        value={url}
        onChange={(event) => setUrl(event.target.value)}
        error={refusalsFor(refusals, "url")}
      />
      <KindsField
        told={told}
        kinds={kinds}
        onTold={setTold}
        onKinds={(next) => {
          setMissing(false);
          setKinds(next);
        }}
        error={missing ? "Choose at least one kind." : refusalsFor(refusals, "events")}
      />
      <Refusals refusals={otherRefusals(refusals, fields)} />
      <FailureNotice failure={failure} />
      <div className="form-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={busy}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}
