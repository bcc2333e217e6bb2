import { useQuery } from "@tanstack/react-query";
import { peopleQuery } from "@/api/people";
import { Select } from "./Field";
import { roleWords } from "./Status";

/** Somebody, or nobody. */
export function PersonSelect({
  label,
  value,
  onChange,
  error,
  nobody = "Nobody",
}: {
  label: string;
  value: string;
  onChange: (id: string) => void;
  error?: string | undefined;
  nobody?: string;
}) {
  const people = useQuery(peopleQuery);
  return (
    <Select label={label} required={false} value={value} onChange={(event) => onChange(event.target.value)} error={error}>
      <option value="">{nobody}</option>
      {people.data?.map((person) => (
        <option key={person.id} value={person.id}>
          {person.name}
          {person.role ? `, ${roleWords[person.role]}` : ""}
        </option>
      ))}
    </Select>
  );
}
