import { Link } from "@tanstack/react-router";
import { EmptyState } from "@/components/Notices";
import { usePageTitle } from "@/components/usePageTitle";

export function NotFound() {
  usePageTitle("Not found");
  return (
    <main className="page" id="content" tabIndex={-1}>
      <EmptyState
        page
        title="There is no page at this address"
        action={
          <Link to="/matrix" className="button">
            Go to the matrix
          </Link>
        }
      >
        The address may be mistyped, or from a newer version.
      </EmptyState>
    </main>
  );
}
