import { Choice } from "@/components/Field";
import type { NotificationKind } from "@/gql/graphql";
import { kindGroups, kindWords } from "./words";

export type Told = "everything" | "some";

const choices: { value: Told; label: string }[] = [
  { value: "everything", label: "Everything" },
  { value: "some", label: "Only some kinds" },
];

/** What a webhook is told: all there is, or the kinds that are ticked. */
export function KindsField({
  told,
  kinds,
  onTold,
  onKinds,
  error,
}: {
  told: Told;
  kinds: readonly NotificationKind[];
  onTold: (told: Told) => void;
  onKinds: (kinds: NotificationKind[]) => void;
  error: string | undefined;
}) {
  const toggle = (kind: NotificationKind) =>
    onKinds(kinds.includes(kind) ? kinds.filter((other) => other !== kind) : [...kinds, kind]);
  return (
    <>
      <Choice label="It is told" options={choices} value={told} onChange={onTold} error={error} />
      {told === "everything" ? (
        <p className="muted">Kinds that come with an update are told, too.</p>
      ) : (
        <div className="kinds">
          {kindGroups.map((group) => (
            <fieldset key={group.label} className="kinds-group">
              <legend>{group.label}</legend>
              {group.kinds.map((kind) => (
                <label key={kind} className="check-line" title={kind}>
                  <input type="checkbox" checked={kinds.includes(kind)} onChange={() => toggle(kind)} />
                  {kindWords[kind]}
                </label>
              ))}
            </fieldset>
          ))}
        </div>
      )}
    </>
  );
}
