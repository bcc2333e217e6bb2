import { Link } from "@tanstack/react-router";

/** The way between the two policies; the one that is shown is marked by the router. */
export function PolicyTabs() {
  return (
    <nav className="policy-tabs" aria-label="Policies">
      <Link to="/review-policy" className="chip">
        Review
      </Link>
      <Link to="/access-policy" className="chip">
        Access
      </Link>
    </nav>
  );
}
