import { useQuery } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { ownQuery } from "@/features/remediations/operations";
import { OwnRemediations } from "@/features/remediations/OwnRemediations";
import { PendingPage } from "@/features/tests/PendingPage";
import { PageWithPast } from "./PageWithPast";
import { useAsOf } from "./useAsOf";

export function PendingRoute() {
  usePageTitle("Pending tasks");
  const { asOf } = useAsOf();
  const me = useSession()?.user.id ?? "";
  const own = useQuery({ ...ownQuery(me, asOf), enabled: me !== "" });
  return (
    <PageWithPast>
      <PendingPage
        asOf={asOf}
        others={<OwnRemediations assigneeId={me} asOf={asOf} />}
        otherCount={own.data?.totalCount}
      />
    </PageWithPast>
  );
}
