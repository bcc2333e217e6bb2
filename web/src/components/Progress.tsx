/** A bar with its figure: the share, or where a unit is named what is done of what. Without a known total it only says that work goes on. */
export function Progress({
  done,
  total,
  label,
  unit = "",
}: {
  done: number;
  total: number | null;
  label: string;
  unit?: string;
}) {
  const share = total ? Math.min(1, done / total) : null;
  return (
    <div className="progress">
      <div
        className="progress-track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        data-open={share === null || undefined}
      >
        <span className="progress-bar" style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
      <span className="progress-figure">
        {unit === "" && share !== null ? (
          `${Math.floor(share * 100)}%`
        ) : (
          <>
            {done.toLocaleString("en")}
            {total === null ? "" : ` of ${total.toLocaleString("en")}`}
            {unit && ` ${unit}`}
          </>
        )}
      </span>
    </div>
  );
}
