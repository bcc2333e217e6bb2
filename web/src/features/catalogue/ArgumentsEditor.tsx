import { Button, IconButton } from "@/components/Button";
import type { ArgumentKind } from "@/gql/graphql";
import type { EditedArgument } from "./content";
import { kindWords } from "./words";

const kinds = Object.keys(kindWords) as ArgumentKind[];

/** The arguments of a template, a line each; gaps without one are offered. */
export function ArgumentsEditor({
  args,
  undeclared,
  error,
  onChange,
}: {
  args: readonly EditedArgument[];
  undeclared: readonly string[];
  error: string | undefined;
  onChange: (args: readonly EditedArgument[]) => void;
}) {
  const change = (at: number, part: Partial<EditedArgument>) =>
    onChange(args.map((argument, index) => (index === at ? { ...argument, ...part } : argument)));
  const add = (name: string) => onChange([...args, { name, description: "", kind: "STRING", default: null }]);
  return (
    <fieldset className="field arguments">
      <legend>Arguments</legend>
      {args.map((argument, at) => (
        // Names change while they are typed, so the place is the key.
        <div key={at} className="argument" role="group" aria-label={`Argument ${at + 1}`}>
          <input
            className="input"
            aria-label="Name"
            placeholder="name"
            required
            value={argument.name}
            onChange={(event) => change(at, { name: event.target.value })}
          />
          <select
            className="input"
            aria-label="Kind"
            value={argument.kind}
            onChange={(event) => change(at, { kind: event.target.value as ArgumentKind })}
          >
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {kindWords[kind]}
              </option>
            ))}
          </select>
          <input
            className="input"
            aria-label="Default"
            placeholder={argument.default === null ? "no default: must be given" : "empty"}
            disabled={argument.default === null}
            value={argument.default ?? ""}
            onChange={(event) => change(at, { default: event.target.value })}
          />
          <label className="argument-default">
            <input
              type="checkbox"
              checked={argument.default !== null}
              onChange={(event) => change(at, { default: event.target.checked ? "" : null })}
            />
            has a default
          </label>
          <IconButton
            label={`Take argument ${argument.name || at + 1} away`}
            icon="close"
            onClick={() => onChange(args.filter((_, index) => index !== at))}
          />
          <input
            className="input argument-description"
            aria-label="Description"
            placeholder="What it is for"
            value={argument.description}
            onChange={(event) => change(at, { description: event.target.value })}
          />
        </div>
      ))}
      {error && <p className="field-error">{error}</p>}
      <div className="argument-add">
        <Button icon="plus" onClick={() => add("")}>
          Add an argument
        </Button>
        {undeclared.length > 0 && (
          <>
            <span className="muted">Gaps that nothing declares:</span>
            {undeclared.map((name) => (
              <Button key={name} onClick={() => add(name)}>
                {name}
              </Button>
            ))}
          </>
        )}
      </div>
    </fieldset>
  );
}
