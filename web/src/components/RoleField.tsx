import type { Role } from "@/gql/graphql";
import { Select } from "./Field";
import { roleWords } from "./Status";

export const roles = Object.keys(roleWords) as Role[];

export function RoleField({
  value,
  onChange,
  error,
}: {
  value: Role;
  onChange: (role: Role) => void;
  error?: string | undefined;
}) {
  return (
    <Select label="Role" value={value} onChange={(event) => onChange(event.target.value as Role)} error={error}>
      {roles.map((role) => (
        <option key={role} value={role}>
          {roleWords[role]}
        </option>
      ))}
    </Select>
  );
}
