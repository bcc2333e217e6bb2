import type { ReactNode } from "react";
import { may, useSession } from "@/api/session";
import { EmptyState } from "@/components/Notices";

/** A page only some roles may open; the others are told so instead of seeing an error. */
export function Restricted({ needs, children }: { needs: string; children: ReactNode }) {
  const session = useSession();
  return (
    <main className="page" id="content" tabIndex={-1}>
      {may(session, needs) ? (
        children
      ) : (
        <EmptyState page title="This page is not open to your role">An admin can change roles.</EmptyState>
      )}
    </main>
  );
}
