import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { campaignsOfTestQuery } from "./operations";
import { CampaignBadge } from "./words";
import "./campaigns.css";

/** The campaigns a test is in, as one line of its page. */
export function CampaignsOfTest({ testId, asOf }: { testId: string; asOf: string | undefined }) {
  const { data } = useQuery(campaignsOfTestQuery(testId, asOf));
  if (!data || data.length === 0) return null;
  return (
    <p className="of-test">
      <span className="muted">{data.length === 1 ? "In the campaign" : "In the campaigns"}</span>
      {data.map((campaign) => (
        <Link key={campaign.id} to="/campaigns/$number" params={{ number: String(campaign.number) }}>
          #{campaign.number} {campaign.name} <CampaignBadge state={campaign.state} />
        </Link>
      ))}
    </p>
  );
}
