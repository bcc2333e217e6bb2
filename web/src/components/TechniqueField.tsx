import { useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { techniqueChoicesQuery } from "@/api/techniques";
import { Combobox } from "./Combobox";
import { Field } from "./Field";

/** The ATT&CK id that a text of this field begins with. */
export const attackIdIn = (text: string): string => text.trim().split(/\s/)[0]?.toUpperCase() ?? "";

/** Chooses a technique by id or name. */
export function TechniqueField({
  value,
  onChange,
  onPlatforms,
  error,
}: {
  value: string;
  onChange: (attackId: string) => void;
  /** What the chosen technique runs on. */
  onPlatforms?: (platforms: readonly string[]) => void;
  error: string | undefined;
}) {
  const search = useDeferredValue(value);
  const choices = useQuery(techniqueChoicesQuery(search));
  const chosen = choices.data?.find((technique) => technique.attackId === value.trim().toUpperCase());
  return (
    <Field label="Technique" error={error} hint={chosen ? chosen.name : "Type an ATT&CK id or a name."}>
      {(wiring) => (
        <Combobox
          label="Technique"
          wiring={wiring}
          required
          value={value}
          onValue={onChange}
          placeholder="T1059.001"
          suggestions={(choices.data ?? []).map((technique) => ({
            key: technique.attackId,
            label: (
              <>
                <span className="attack-id">{technique.attackId}</span> {technique.name}
              </>
            ),
            platforms: technique.platforms,
          }))}
          onPick={(technique) => {
            onChange(technique.key);
            onPlatforms?.(technique.platforms);
          }}
        />
      )}
    </Field>
  );
}
