import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/Button";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { RemoveDialog, RenewCodesDialog, SetUpDialog } from "../secondfactor/Dialogs";
import { secondFactorQuery } from "../secondfactor/operations";
import { cameBySingleSignOn, openSessionsQuery } from "../open/operations";

/** How few recovery codes are few. */
const few = 3;

export function SecondFactorSection() {
  const query = useQuery(secondFactorQuery);
  const sessions = useQuery(openSessionsQuery(null));
  const [open, setOpen] = useState<"setup" | "renew" | "remove" | null>(null);
  const close = () => setOpen(null);
  if (query.isError) {
    return <ErrorNotice doing="Loading the second factor" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={2} label="Loading the second factor" />;
  const { active, required, recoveryCodesLeft: left } = query.data;
  const elsewhere = cameBySingleSignOn(sessions.data);
  return (
    <div className="form">
      {active ? (
        <>
          <p>
            <strong>On.</strong> A code of the app is asked for when you sign in.{" "}
            <span className={left <= few ? "overdue" : "muted"}>
              {left === 1 ? "1 recovery code is left." : `${left} recovery codes are left.`}
            </span>
          </p>
          <div className="profile-save">
            <Button onClick={() => setOpen("renew")}>Renew the recovery codes</Button>
            {required ? (
              <span className="muted">Your role needs it, so it cannot be removed.</span>
            ) : (
              <Button variant="danger" onClick={() => setOpen("remove")}>
                Remove
              </Button>
            )}
          </div>
        </>
      ) : (
        <>
          <p>
            <strong>Off.</strong>{" "}
            {elsewhere
              ? "The identity provider may ask for one of its own. One that you set up here is asked for only where a password is."
              : "Your password alone lets you in. With a second factor a code of an authenticator app is asked for too."}
          </p>
          <div className="profile-save">
            <Button onClick={() => setOpen("setup")}>Set up a second factor</Button>
          </div>
        </>
      )}
      {open === "setup" && <SetUpDialog hasPassword={!elsewhere} onClose={close} />}
      {open === "renew" && <RenewCodesDialog onClose={close} />}
      {open === "remove" && <RemoveDialog onClose={close} />}
    </div>
  );
}
