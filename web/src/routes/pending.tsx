import { usePageTitle } from "@/components/usePageTitle";
import { PendingPage } from "@/features/tests/PendingPage";
import { PageWithPast } from "./PageWithPast";
import { useAsOf } from "./useAsOf";

export function PendingRoute() {
  usePageTitle("Pending tasks");
  const { asOf } = useAsOf();
  return (
    <PageWithPast>
      <PendingPage asOf={asOf} />
    </PageWithPast>
  );
}
