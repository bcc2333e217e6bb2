import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { may, useSession } from "@/api/session";
import { Button } from "@/components/Button";
import { usePageTitle } from "@/components/usePageTitle";
import { TechniquePage } from "@/features/techniques/TechniquePage";
import { DraftTestDialog } from "@/features/tests/DraftTestDialog";
import { PageWithPast } from "./PageWithPast";
import { useAsOf } from "./useAsOf";

export function TechniqueRoute() {
  const { attackId } = useParams({ from: "/app/techniques/$attackId" });
  const session = useSession();
  const navigate = useNavigate();
  const { asOf } = useAsOf();
  const [drafting, setDrafting] = useState(false);
  usePageTitle(attackId);

  return (
    <PageWithPast>
      <TechniquePage
        attackId={attackId}
        asOf={asOf}
        actions={() =>
          may(session, "draftTest") &&
          !asOf && (
            <Button variant="primary" icon="plus" onClick={() => setDrafting(true)}>
              Draft a test
            </Button>
          )
        }
      />
      {drafting && (
        <DraftTestDialog
          attackId={attackId}
          onClose={() => setDrafting(false)}
          onDrafted={(number) => void navigate({ to: "/tests/$number", params: { number: String(number) } })}
        />
      )}
    </PageWithPast>
  );
}
