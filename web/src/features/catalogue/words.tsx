import type { ArgumentKind, TemplateSeverity } from "@/gql/graphql";

/** The most harm first, as everywhere. */
export const severityWords: Record<TemplateSeverity, string> = {
  CRITICAL: "Critical",
  HIGH: "High",
  MEDIUM: "Medium",
  LOW: "Low",
};

export const severities = Object.keys(severityWords) as TemplateSeverity[];

export const kindWords: Record<ArgumentKind, string> = { STRING: "Text", INTEGER: "Number", PATH: "Path", URL: "Address" };

/** Bars that fill as the harm grows; the word says the same. */
export function Severity({ value }: { value: TemplateSeverity }) {
  return (
    <span className="severity" data-severity={value}>
      <span className="severity-sign" aria-hidden="true" />
      {severityWords[value]}
    </span>
  );
}
