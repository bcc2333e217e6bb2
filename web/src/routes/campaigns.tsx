import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { usePageTitle } from "@/components/usePageTitle";
import { CampaignPage } from "@/features/campaigns/CampaignPage";
import { CampaignsPage } from "@/features/campaigns/CampaignsPage";
import { type CampaignsSearch, campaignsSearchKeys } from "@/features/campaigns/search";
import { Comments } from "@/features/comments/Comments";
import { SavedFilters } from "@/features/filters/SavedFilters";
import { NotFound } from "./NotFound";
import { PageWithPast } from "./PageWithPast";
import { useAsOf } from "./useAsOf";

export function CampaignsRoute() {
  usePageTitle("Campaigns");
  const search = useSearch({ from: "/app/campaigns" });
  const navigate = useNavigate();
  const { asOf } = useAsOf();
  const change = (next: CampaignsSearch) =>
    void navigate({ to: "/campaigns", search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <PageWithPast>
      <CampaignsPage
        search={search}
        asOf={asOf}
        onSearch={change}
        onCreated={(number) => void navigate({ to: "/campaigns/$number", params: { number: String(number) } })}
        views={<SavedFilters page="/campaigns" keys={campaignsSearchKeys} search={{ ...search }} onSearch={change} />}
      />
    </PageWithPast>
  );
}

export function CampaignRoute() {
  const { number } = useParams({ from: "/app/campaigns/$number" });
  const { asOf } = useAsOf();
  usePageTitle(`Campaign #${number}`);
  if (!/^\d{1,9}$/.test(number)) return <NotFound />;
  return (
    <PageWithPast>
      <CampaignPage
        key={number}
        number={Number(number)}
        asOf={asOf}
        comments={(campaign) => <Comments subjectId={campaign.id} asOf={asOf} />}
      />
    </PageWithPast>
  );
}
