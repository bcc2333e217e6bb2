import { useState } from "react";
import { Combobox } from "@/components/Combobox";
import { Field } from "@/components/Field";
import { knownZones, zonesFor } from "./zones";

/** A time zone by its name, found by typing some of it. Empty means that of the device. */
export function ZoneSelect({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (zone: string) => void;
  error: string | undefined;
}) {
  const [zones] = useState(knownZones);
  const device = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Field
      label="Time zone"
      required={false}
      error={error}
      hint={`All times are shown in it. Empty follows the device, now ${device}.`}
    >
      {(wiring) => (
        <Combobox
          label="Time zone"
          wiring={wiring}
          value={value}
          onValue={onChange}
          placeholder={device}
          suggestions={zonesFor(value, zones).map((zone) => ({ key: zone, label: zone.replaceAll("_", " ") }))}
          onPick={(zone) => onChange(zone.key)}
          empty={value.trim() && "There is no such zone."}
        />
      )}
    </Field>
  );
}
