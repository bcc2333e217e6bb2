import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { may, useSession } from "@/api/session";
import { FootBar } from "@/components/FootBar";
import { usePageTitle } from "@/components/usePageTitle";
import { MatrixPage } from "@/features/matrix/MatrixPage";
import { useAsOf } from "./useAsOf";

export function MatrixRoute() {
  usePageTitle("ATT&CK matrix");
  const session = useSession();
  const search = useSearch({ from: "/app/matrix" });
  const navigate = useNavigate();
  const { asOf, setAsOf } = useAsOf();

  return (
    <main className="page-matrix" id="content" tabIndex={-1}>
      <MatrixPage
        search={search}
        asOf={asOf}
        onSearch={(change) =>
          void navigate({ to: "/matrix", search: (before) => ({ ...before, ...change }), replace: true })
        }
        onOpen={(attackId, inNewTab) => {
          if (inNewTab) window.open(`/techniques/${encodeURIComponent(attackId)}`, "_blank", "noopener");
          else void navigate({ to: "/techniques/$attackId", params: { attackId } });
        }}
        emptyAction={
          may(session, "importFile") && !asOf ? (
            <Link to="/jobs" className="button button-primary">
              Import ATT&amp;CK
            </Link>
          ) : undefined
        }
        foot={(moment) => (
          <FootBar
            asOf={asOf}
            position={moment?.position}
            sealedAt={moment?.sealedAt}
            live={asOf ? undefined : moment?.live}
            onAsOf={setAsOf}
          />
        )}
      />
    </main>
  );
}
