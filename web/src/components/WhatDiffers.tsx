import { useState } from "react";
import type { DifferentRecord, ImportResult } from "@/importResult";
import { Button, Chip } from "./Button";
import "./WhatDiffers.css";

const sorts = [
  ["added", "Added"],
  ["changed", "Changed"],
  ["retired", "Retired"],
] as const;

type Sort = (typeof sorts)[number][0];

/** How many names stand in view before "show more". */
const foldAfter = 20;

/** In which records a state of a source differs from the one before it: how many, and the first of each by name. */
export function WhatDiffers({ result }: { result: ImportResult }) {
  const { difference } = result;
  const [chosen, setChosen] = useState<Sort | null>(null);
  if (!difference) return null;
  const any = sorts.find(([sort]) => difference[sort] > 0)?.[0] ?? null;
  const shown = chosen ?? any;
  return (
    <div className="differs">
      <div className="differs-sorts" role="group" aria-label="Records by what became of them">
        {sorts.map(([sort, label]) => (
          <Chip key={sort} pressed={shown === sort} disabled={difference[sort] === 0} onClick={() => setChosen(sort)}>
            {label} <strong>{difference[sort].toLocaleString("en")}</strong>
          </Chip>
        ))}
        <span className="muted">{difference.unchanged.toLocaleString("en")} unchanged</span>
      </div>
      {shown && <Names key={shown} records={difference.first[shown]} total={difference[shown]} />}
    </div>
  );
}

function Names({ records, total }: { records: readonly DifferentRecord[]; total: number }) {
  const [all, setAll] = useState(false);
  const shown = all ? records : records.slice(0, foldAfter);
  return (
    <>
      <ul className="differs-names">
        {shown.map((record) => (
          <li key={`${record.kind} ${record.key}`}>
            <span className="muted">{record.kind.replaceAll("_", " ")}</span> <span>{record.title || record.key}</span>
            {record.title && record.title !== record.key && <code>{record.key}</code>}
          </li>
        ))}
      </ul>
      {records.length > shown.length && (
        <Button variant="quiet" onClick={() => setAll(true)}>
          Show {records.length.toLocaleString("en")}
        </Button>
      )}
      {(all || records.length <= foldAfter) && total > records.length && (
        <p className="muted">
          These are the first {records.length.toLocaleString("en")} of {total.toLocaleString("en")}.
        </p>
      )}
    </>
  );
}
