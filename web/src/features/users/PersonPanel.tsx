import { type ReactNode, useLayoutEffect, useRef } from "react";
import { IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { Menu, type MenuItem } from "@/components/Menu";
import { roleWords } from "@/components/Status";
import type { User } from "./operations";
import { nameOf, statusOf } from "./words";

/** One account beside the list: what is known of it, where its person is signed in, and what happened. */
export function PersonPanel({
  user,
  items,
  sessions,
  timeline,
  onClose,
}: {
  user: User;
  items: readonly MenuItem[];
  /** Where the person is signed in. */
  sessions: ReactNode;
  /** What the person did, and what was done to the account; nothing for roles that may not know. */
  timeline: ReactNode;
  onClose: () => void;
}) {
  const name = nameOf(user);
  const ref = useRef<HTMLElement>(null);
  // Opened from its row it takes the focus, and gives it back when it goes; opened by the address it leaves it alone.
  useLayoutEffect(() => {
    const panel = ref.current;
    const row = document.activeElement;
    if (row instanceof HTMLElement && row.matches(".user-open")) panel?.focus();
    return () => {
      if (!panel?.contains(document.activeElement)) return;
      requestAnimationFrame(() => row instanceof HTMLElement && row.isConnected && row.focus());
    };
  }, []);
  return (
    <aside ref={ref} className="person-panel" tabIndex={-1} aria-label={`Account of ${name}`}>
      <header className="person-head">
        <h2>{user.displayName ?? name}</h2>
        {items.length > 0 && <Menu label={`More for ${name}`} trigger={<Icon name="more" />} items={items} />}
        <IconButton label="Close the account" icon="close" onClick={onClose} />
      </header>
      {user.erased && (
        <p>The person was erased. What they did stays in the record, as that of a former user.</p>
      )}
      <dl className="facts">
        {!user.erased && (
          <>
            <dt>Username</dt>
            <dd>{user.username}</dd>
            <dt>Mail address</dt>
            <dd>{user.email ?? <span className="muted">none</span>}</dd>
          </>
        )}
        <dt>Role</dt>
        <dd>{roleWords[user.role]}</dd>
        <dt>Status</dt>
        <dd>{statusOf(user)}</dd>
        <dt>Second factor</dt>
        <dd>{user.secondFactor ? "On" : "Off"}</dd>
        <dt>Last sign-in</dt>
        <dd>{user.lastSignInAt ? <Instant at={user.lastSignInAt} /> : "never"}</dd>
        <dt>Created</dt>
        <dd>
          <Instant at={user.createdAt} />
        </dd>
      </dl>
      {!user.erased && (
        <section aria-labelledby="person-sessions">
          <h3 id="person-sessions">Signed in</h3>
          {sessions}
        </section>
      )}
      {timeline && (
        <section aria-labelledby="person-timeline">
          <h3 id="person-timeline">Timeline</h3>
          {timeline}
        </section>
      )}
    </aside>
  );
}
