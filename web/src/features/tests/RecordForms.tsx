/** The two records of a round, written where they will be read: red at the left, blue at the right. */
import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Choice, Select, TextArea, TextField } from "@/components/Field";
import { InstantField, ZoneField } from "@/components/InstantField";
import { FailureNotice, Refusals } from "@/components/Notices";
import { containmentWords, detectionWords } from "@/components/Status";
import type { ContainmentResult, DetectionResult } from "@/gql/graphql";
import { offsetOf, toLocalInput, toRfc3339 } from "@/time";
import { recordAttackDocument, recordDetectionDocument } from "./commands";
import type { Round, TestDetail } from "./operations";
import { useBaseVersion } from "./ReviseTestDialog";

interface FormProps {
  test: TestDetail;
  round: Round;
  onClose: () => void;
  onDone: () => void;
}

/** The button that opened the form goes out of use, so the focus comes here. */
function focusFirst(form: HTMLFormElement | null) {
  form?.querySelector<HTMLElement>("input, textarea")?.focus();
}

const attackFields = ["procedure", "tool", "startedAt", "endedAt", "success", "summary"] as const;

export function AttackForm({ test, round, onClose, onDone }: FormProps) {
  const before = round.attack;
  const record = useCommand(recordAttackDocument);
  const expectedVersion = useBaseVersion(test.version, record.refusals);
  const [zone, setZone] = useState(() => offsetOf(new Date()));
  const [procedure, setProcedure] = useState(before?.procedure ?? test.plannedProcedure);
  const [tool, setTool] = useState(before?.tool ?? test.plannedTool ?? "");
  const [startedAt, setStartedAt] = useState(() => (before ? toLocalInput(before.startedAt, zone) : ""));
  const [endedAt, setEndedAt] = useState(() => (before?.endedAt ? toLocalInput(before.endedAt, zone) : ""));
  const [success, setSuccess] = useState<"YES" | "NO" | null>(before ? (before.success ? "YES" : "NO") : null);
  const [summary, setSummary] = useState(before?.summary ?? "");
  const [unanswered, setUnanswered] = useState(false);
  const error = (field: (typeof attackFields)[number]) => refusalsFor(record.refusals, field);

  const submit = async () => {
    const started = toRfc3339(startedAt, zone);
    setUnanswered(success === null);
    if (success === null || started === null) return;
    const payload = await record.submit({
      id: test.id,
      procedure,
      tool: tool || null,
      startedAt: started,
      endedAt: toRfc3339(endedAt, zone),
      success: success === "YES",
      summary,
      expectedVersion,
    });
    if (payload) onDone();
  };

  return (
    <form
      className="form"
      aria-label="Attack record"
      ref={focusFirst}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextArea
        label="Procedure"
        required
        rows={4}
        value={procedure}
        onChange={(event) => setProcedure(event.target.value)}
        error={error("procedure")}
      />
      <TextField
        label="Tool"
        required={false}
        value={tool}
        onChange={(event) => setTool(event.target.value)}
        error={error("tool")}
      />
      <div className="form-pair">
        <InstantField label="Attack started" required value={startedAt} onChange={setStartedAt} error={error("startedAt")} />
        <InstantField label="Attack ended" required={false} value={endedAt} onChange={setEndedAt} error={error("endedAt")} />
      </div>
      <ZoneField value={zone} onChange={setZone} />
      <Choice
        label="Did the attack succeed?"
        options={[
          { value: "YES", label: "Yes" },
          { value: "NO", label: "No" },
        ]}
        value={success}
        onChange={setSuccess}
        error={unanswered ? "Choose yes or no." : error("success")}
      />
      <TextArea
        label="Summary"
        required
        value={summary}
        onChange={(event) => setSummary(event.target.value)}
        error={error("summary")}
        hint="Free text is permanent: leave out names and addresses of people."
      />
      <Refusals refusals={otherRefusals(record.refusals, attackFields)} />
      <FailureNotice failure={record.failure} />
      <div className="form-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={record.busy}>
          Save attack record
        </Button>
      </div>
    </form>
  );
}

const detectionFields = [
  "result",
  "detectedAt",
  "alertedAt",
  "containedAt",
  "containmentResult",
  "clockSkewNote",
  "summary",
] as const;

export function DetectionForm({ test, round, onClose, onDone }: FormProps) {
  const before = round.detection;
  const record = useCommand(recordDetectionDocument);
  const expectedVersion = useBaseVersion(test.version, record.refusals);
  const [zone, setZone] = useState(() => offsetOf(new Date()));
  const local = (at: string | null | undefined) => (at ? toLocalInput(at, zone) : "");
  const [result, setResult] = useState<DetectionResult | null>(before?.result ?? null);
  const [detectedAt, setDetectedAt] = useState(() => local(before?.detectedAt));
  const [alertedAt, setAlertedAt] = useState(() => local(before?.alertedAt));
  const [containedAt, setContainedAt] = useState(() => local(before?.containedAt));
  const [containment, setContainment] = useState<ContainmentResult | "">(before?.containmentResult ?? "");
  const [clockSkewNote, setClockSkewNote] = useState(before?.clockSkewNote ?? "");
  const [summary, setSummary] = useState(before?.summary ?? "");
  const [unanswered, setUnanswered] = useState(false);
  const error = (field: (typeof detectionFields)[number]) => refusalsFor(record.refusals, field);

  const started = round.attack ? new Date(round.attack.startedAt).getTime() : null;
  const earlier = [detectedAt, alertedAt, containedAt].some((value) => {
    const at = toRfc3339(value, zone);
    return at !== null && started !== null && new Date(at).getTime() < started;
  });
  const skewNamed = error("clockSkewNote") !== undefined || clockSkewNote !== "" || earlier;

  const submit = async () => {
    setUnanswered(result === null);
    if (result === null) return;
    const payload = await record.submit({
      id: test.id,
      result,
      detectedAt: toRfc3339(detectedAt, zone),
      alertedAt: toRfc3339(alertedAt, zone),
      containedAt: toRfc3339(containedAt, zone),
      containmentResult: containment || null,
      clockSkewNote: clockSkewNote || null,
      summary,
      expectedVersion,
    });
    if (payload) onDone();
  };

  return (
    <form
      className="form"
      aria-label="Detection record"
      ref={focusFirst}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Choice
        label="Detection result"
        options={(Object.keys(detectionWords) as DetectionResult[]).map((value) => ({
          value,
          label: detectionWords[value],
        }))}
        value={result}
        onChange={setResult}
        error={unanswered ? "Choose a result." : error("result")}
      />
      <div className="form-pair">
        <InstantField label="Detected at" required={false} value={detectedAt} onChange={setDetectedAt} error={error("detectedAt")} />
        <InstantField label="Alerted at" required={false} value={alertedAt} onChange={setAlertedAt} error={error("alertedAt")} />
      </div>
      <div className="form-pair">
        <Select
          label="Containment result"
          required={false}
          value={containment}
          onChange={(event) => setContainment(event.target.value as ContainmentResult | "")}
          error={error("containmentResult")}
        >
          <option value="">Not recorded</option>
          {(Object.keys(containmentWords) as ContainmentResult[]).map((value) => (
            <option key={value} value={value}>
              {containmentWords[value]}
            </option>
          ))}
        </Select>
        <InstantField label="Contained at" required={false} value={containedAt} onChange={setContainedAt} error={error("containedAt")} />
      </div>
      <ZoneField value={zone} onChange={setZone} />
      <TextField
        label="Clock-skew note"
        required={false}
        hint={
          skewNamed
            ? "A time lies before the attack started: say why the clocks differ."
            : "Only when a time lies before the attack, because clocks differ."
        }
        value={clockSkewNote}
        onChange={(event) => setClockSkewNote(event.target.value)}
        error={error("clockSkewNote")}
      />
      <TextArea
        label="Summary"
        required
        value={summary}
        onChange={(event) => setSummary(event.target.value)}
        error={error("summary")}
        hint="Free text is permanent: leave out names and addresses of people."
      />
      <Refusals refusals={otherRefusals(record.refusals, detectionFields)} />
      <FailureNotice failure={record.failure} />
      <div className="form-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={record.busy}>
          Save detection record
        </Button>
      </div>
    </form>
  );
}
