import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { usePageTitle } from "@/components/usePageTitle";
import { Comments } from "@/features/comments/Comments";
import { SavedFilters } from "@/features/filters/SavedFilters";
import { RemediationPage } from "@/features/remediations/RemediationPage";
import { RemediationsPage } from "@/features/remediations/RemediationsPage";
import { type RemediationsSearch, remediationsSearchKeys } from "@/features/remediations/search";
import { NotFound } from "./NotFound";
import { PageWithPast } from "./PageWithPast";
import { useAsOf } from "./useAsOf";

export function RemediationsRoute() {
  usePageTitle("Remediations");
  const search = useSearch({ from: "/app/remediations" });
  const navigate = useNavigate();
  const { asOf } = useAsOf();
  const change = (next: RemediationsSearch) =>
    void navigate({ to: "/remediations", search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <PageWithPast>
      <RemediationsPage
        search={search}
        asOf={asOf}
        onSearch={change}
        views={
          <SavedFilters page="/remediations" keys={remediationsSearchKeys} search={{ ...search }} onSearch={change} />
        }
      />
    </PageWithPast>
  );
}

export function RemediationRoute() {
  const { number } = useParams({ from: "/app/remediations/$number" });
  const { asOf } = useAsOf();
  usePageTitle(`Remediation #${number}`);
  if (!/^\d{1,9}$/.test(number)) return <NotFound />;
  return (
    <PageWithPast>
      <RemediationPage
        key={number}
        number={Number(number)}
        asOf={asOf}
        comments={(remediation) => <Comments subjectId={remediation.id} asOf={asOf} />}
      />
    </PageWithPast>
  );
}
