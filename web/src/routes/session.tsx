import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useRouter, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { sessionQuery } from "@/api/session";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { usePageTitle } from "@/components/usePageTitle";
import { ChangePasswordForm } from "@/features/session/ChangePasswordForm";
import { signInOptionsQuery } from "@/features/session/operations";
import { SetUpSecondFactor } from "@/features/session/secondfactor/SetUp";
import { SignInForm } from "@/features/session/SignInForm";
import { SingleSignOn } from "@/features/session/SingleSignOn";
import { useSignOut } from "@/features/session/useSignOut";
import { useTheme } from "@/theme";

function Gate({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  // Follows the system while there is no frame to do so.
  useTheme();
  return (
    <main className="gate" id="content" tabIndex={-1}>
      <div className="gate-card">
        <p className="gate-brand">
          <Icon name="shield" size={22} /> Aegis
        </p>
        <h1>{title}</h1>
        {hint && <p className="muted">{hint}</p>}
        {children}
      </div>
    </main>
  );
}

/** Only ways inside this site: an address that names another host is dropped. */
function inside(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/matrix";
}

export function SignInRoute() {
  usePageTitle("Sign in");
  const { next, refused } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const options = useQuery(signInOptionsQuery);
  return (
    <Gate title="Sign in">
      <SignInForm onDone={() => router.history.push(inside(next))} aside={options.data?.passwords === false}>
        <SingleSignOn next={next} refused={refused} />
      </SignInForm>
    </Gate>
  );
}

export function ChangePasswordRoute() {
  usePageTitle("Change password");
  const { next } = useSearch({ from: "/change-password" });
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const signOut = useSignOut(() => router.history.push("/sign-in"));
  if (session.isPending) return null;
  if (!session.data) return <Navigate to="/sign-in" search={next ? { next } : {}} replace />;
  const forced = session.data.user.mustChangePassword;
  return (
    <Gate
      title={forced ? "Choose a new password" : "Change password"}
      {...(forced ? { hint: "The password you were given works once. Choose your own to go on." } : {})}
    >
      <ChangePasswordForm onDone={() => router.history.push(inside(next))} />
      {forced ? (
        <Button variant="quiet" onClick={signOut}>
          Sign out
        </Button>
      ) : (
        <Button variant="quiet" onClick={() => router.history.back()}>
          Back
        </Button>
      )}
    </Gate>
  );
}

/** Where somebody is led whose role needs a second factor that is not there yet. */
export function SecondFactorRoute() {
  usePageTitle("Second factor");
  const { next } = useSearch({ from: "/second-factor" });
  const session = useQuery(sessionQuery);
  if (session.isPending) return null;
  if (!session.data) return <Navigate to="/sign-in" search={next ? { next } : {}} replace />;
  return <SecondFactorGate needed={session.data.secondFactorRequired} next={next} />;
}

function SecondFactorGate({ needed, next }: { needed: boolean; next: string | undefined }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const signOut = useSignOut(() => router.history.push("/sign-in"));
  // Once it is set up it is needed no more, and the recovery codes are still to be read.
  const [wasNeeded] = useState(needed);
  const [kept, setKept] = useState(false);
  if (!wasNeeded) return <Navigate to="/profile" replace />;
  const goOn = async () => {
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    router.history.push(inside(next));
  };
  return (
    <Gate title="Set up a second factor" hint="Your role needs one. Until it is set up, nothing else is open.">
      <SetUpSecondFactor hasPassword kept={kept} onKept={setKept} onDone={() => void goOn()} />
      <Button variant="quiet" onClick={signOut}>
        Sign out
      </Button>
    </Gate>
  );
}
