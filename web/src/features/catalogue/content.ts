/** What a template says, as its form has it. Pure. */
import type { ArgumentKind, TemplateSeverity } from "@/gql/graphql";
import type { Template } from "./operations";

export interface EditedArgument {
  name: string;
  description: string;
  kind: ArgumentKind;
  /** Null where a value must be given. */
  default: string | null;
}

export interface Content {
  attackId: string;
  name: string;
  description: string;
  severity: TemplateSeverity;
  platforms: string;
  executor: string;
  tool: string;
  procedure: string;
  prerequisites: string;
  cleanup: string;
  expectedDetection: string;
  references: string;
  tags: string;
  arguments: readonly EditedArgument[];
}

export const emptyContent: Content = {
  attackId: "",
  name: "",
  description: "",
  severity: "MEDIUM",
  platforms: "",
  executor: "",
  tool: "",
  procedure: "",
  prerequisites: "",
  cleanup: "",
  expectedDetection: "",
  references: "",
  tags: "",
  arguments: [],
};

export function contentOf(template: Template): Content {
  return {
    attackId: template.attackId,
    name: template.name,
    description: template.description,
    severity: template.severity,
    platforms: template.platforms.join(", "),
    executor: template.executor,
    tool: template.tool ?? "",
    procedure: template.procedure,
    prerequisites: template.prerequisites,
    cleanup: template.cleanup,
    expectedDetection: template.expectedDetection,
    references: template.references.join("\n"),
    tags: template.tags.join(", "),
    arguments: template.arguments.map((argument) => ({ ...argument, default: argument.default ?? null })),
  };
}

const listed = (text: string, mark: string) =>
  text
    .split(mark)
    .map((part) => part.trim())
    .filter(Boolean);

/** As the inputs want it: lists as lists, an empty tool is none. */
export function toInput(content: Content) {
  return {
    ...content,
    name: content.name.trim(),
    executor: content.executor.trim(),
    tool: content.tool.trim() || null,
    platforms: listed(content.platforms, ","),
    tags: listed(content.tags, ","),
    references: listed(content.references, "\n"),
    arguments: content.arguments.map(({ name, description, kind, default: standard }) => ({
      name: name.trim(),
      description,
      kind,
      default: standard,
    })),
  };
}
