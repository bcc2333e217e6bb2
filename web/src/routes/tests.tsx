import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { may, useSession } from "@/api/session";
import { Button } from "@/components/Button";
import { usePageTitle } from "@/components/usePageTitle";
import { SavedFilters } from "@/features/filters/SavedFilters";
import { DraftTestDialog } from "@/features/tests/DraftTestDialog";
import { testsSearchKeys } from "@/features/tests/search";
import { TestsPage } from "@/features/tests/TestsPage";
import { PageWithPast } from "./PageWithPast";
import { useAsOf } from "./useAsOf";

export function TestsRoute() {
  usePageTitle("Tests");
  const session = useSession();
  const search = useSearch({ from: "/app/tests" });
  const navigate = useNavigate();
  const { asOf } = useAsOf();
  const [drafting, setDrafting] = useState(false);

  return (
    <PageWithPast>
      <TestsPage
        search={search}
        asOf={asOf}
        onSearch={(change) =>
          void navigate({ to: "/tests", search: (before) => ({ ...before, ...change }), replace: true })
        }
        views={
          <SavedFilters
            page="/tests"
            keys={testsSearchKeys}
            search={{ ...search }}
            onSearch={(change) =>
              void navigate({ to: "/tests", search: (before) => ({ ...before, ...change }), replace: true })
            }
          />
        }
        actions={
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
          onClose={() => setDrafting(false)}
          onDrafted={(number) => void navigate({ to: "/tests/$number", params: { number: String(number) } })}
        />
      )}
    </PageWithPast>
  );
}
