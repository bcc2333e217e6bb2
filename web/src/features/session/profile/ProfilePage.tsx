import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { Session } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { roleWords } from "@/components/Status";
import { ChangePasswordForm } from "../ChangePasswordForm";
import { cameBySingleSignOn, openSessionsKey, openSessionsQuery } from "../open/operations";
import { SessionList } from "../open/SessionList";
import { AboutForm } from "./AboutForm";
import { SecondFactorSection } from "./SecondFactorSection";
import { ThemeChoice } from "./ThemeChoice";
import "./profile.css";

/** What is one's own: name and mail, how times and pages look, the ways in, and where one is signed in. */
export function ProfilePage({ session }: { session: Session }) {
  const { user } = session;
  return (
    <div className="profile-page">
      <header className="page-head">
        <h1>Profile</h1>
        <p className="muted">
          {user.username}, {roleWords[user.role]}
        </p>
      </header>
      <Section title="About you">
        <AboutForm user={user} />
      </Section>
      <Section title="Theme">
        <ThemeChoice user={user} />
      </Section>
      <Section title="Password">
        <PasswordSection />
      </Section>
      <Section title="Second factor">
        <SecondFactorSection />
      </Section>
      <Section title="Where you are signed in">
        <SessionList />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function PasswordSection() {
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [changed, setChanged] = useState(false);
  const sessions = useQuery(openSessionsQuery(null));
  if (cameBySingleSignOn(sessions.data)) {
    return <p>You sign in with the identity provider, so the password is kept and changed there.</p>;
  }
  return (
    <div className="profile-save">
      <Button onClick={() => setOpen(true)}>Change password</Button>
      <span role="status" className="muted">
        {changed ? "Changed. All your other sessions have ended." : ""}
      </span>
      {open && (
        <Dialog title="Change password" onClose={() => setOpen(false)}>
          <ChangePasswordForm
            onCancel={() => setOpen(false)}
            onDone={() => {
              setOpen(false);
              setChanged(true);
              void queryClient.invalidateQueries({ queryKey: openSessionsKey });
            }}
          />
        </Dialog>
      )}
    </div>
  );
}
