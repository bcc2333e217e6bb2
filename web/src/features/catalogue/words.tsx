import type { ArgumentKind, TemplateSeverity } from "@/gql/graphql";

/** From the least to the most harm. */
export const severityWords: Record<TemplateSeverity, string> = {
  LOW: "Low",
  MEDIUM: "Medium",
  HIGH: "High",
  CRITICAL: "Critical",
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
