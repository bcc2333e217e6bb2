import { useParams } from "@tanstack/react-router";
import { usePageTitle } from "@/components/usePageTitle";
import { CampaignsOfTest } from "@/features/campaigns/CampaignsOfTest";
import { Comments } from "@/features/comments/Comments";
import { TestChain } from "@/features/remediations/TestChain";
import { TestPage } from "@/features/tests/TestPage";
import { NotFound } from "./NotFound";
import { PageWithPast } from "./PageWithPast";
import { useAsOf } from "./useAsOf";

export function TestRoute() {
  const { number } = useParams({ from: "/app/tests/$number" });
  const { asOf } = useAsOf();
  usePageTitle(`#${number}`);
  if (!/^\d{1,9}$/.test(number)) return <NotFound />;
  return (
    <PageWithPast>
      <TestPage
        number={Number(number)}
        asOf={asOf}
        chain={(test) => (
          <>
            <CampaignsOfTest testId={test.id} asOf={asOf} />
            <TestChain test={test} asOf={asOf} />
          </>
        )}
        comments={(test) => <Comments subjectId={test.id} asOf={asOf} />}
      />
    </PageWithPast>
  );
}
