import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import type { Session } from "@/api/session";
import { Icon } from "@/components/Icon";
import { Menu } from "@/components/Menu";
import { roleWords } from "@/components/Status";
import { formatInstant } from "@/time";
import { JumpBox } from "./JumpBox";
import { pagesFor } from "./pages";
import { type Theme, useTheme } from "@/theme";
import "./shell.css";

const themeChoices: { theme: Theme; label: string; icon: "sun" | "moon" | "screen" }[] = [
  { theme: "light", label: "Light", icon: "sun" },
  { theme: "dark", label: "Dark", icon: "moon" },
  { theme: "system", label: "As the system", icon: "screen" },
];

/** What stands around every page: the way to other pages, the jump box, and who is here. */
export function Frame({
  session,
  asOf,
  folded,
  title,
  bell,
  onSignOut,
  children,
}: {
  session: Session;
  asOf: string | undefined;
  /** The sidebar shows icons only, because the page needs the width. */
  folded: boolean;
  /** The heading of a page that leaves no room for its own. */
  title?: ReactNode;
  /** What is new for this person. */
  bell?: ReactNode;
  onSignOut: () => void;
  children: ReactNode;
}) {
  const navigate = useNavigate();
  const [theme, setTheme] = useTheme();
  const [jumping, setJumping] = useState(false);
  const pages = pagesFor(session.permissions);
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const { user } = session;
  const name = user.displayName ?? user.username;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setJumping(true);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return (
    <div className="frame" data-folded={folded || undefined} data-past={asOf ? true : undefined}>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <nav className="sidebar" aria-label="Pages">
        <Link to="/matrix" className="sidebar-brand" aria-label="Aegis, home">
          <Icon name="shield" size={20} />
          <span className="sidebar-label">Aegis</span>
        </Link>
        {pages.map((page, index) => (
          <Link
            key={page.to}
            to={page.to}
            className={page.also && pathname.startsWith(page.also) ? "sidebar-link active" : "sidebar-link"}
            data-divided={(page.system && !pages[index - 1]?.system) || undefined}
            title={folded ? page.label : undefined}
          >
            <Icon name={page.icon} />
            <span className="sidebar-label">{page.label}</span>
          </Link>
        ))}
      </nav>
      <header className="topbar">
        <div className="topbar-menu">
          <Menu
            label="Pages"
            align="start"
            trigger={<Icon name="menu" />}
            items={pages.map((page, index) => ({
              key: page.to,
              ...(page.system && !pages[index - 1]?.system ? { divided: true } : {}),
              label: (
                <>
                  <Icon name={page.icon} /> {page.label}
                </>
              ),
              onSelect: () => void navigate({ to: page.to }),
            }))}
          />
        </div>
        {title && <div className="topbar-title">{title}</div>}
        {asOf && (
          <p className="topbar-past" role="status">
            <Icon name="clock" size={14} /> as of {formatInstant(asOf)}
          </p>
        )}
        <button type="button" className="topbar-jump" onClick={() => setJumping(true)}>
          <Icon name="search" size={14} />
          <span>Search or jump to</span>
          <kbd>Ctrl K</kbd>
        </button>
        {bell}
        <Menu
          label="Account"
          trigger={
            <span className="avatar" aria-hidden="true">
              {initials(name)}
            </span>
          }
          header={
            <>
              <strong>{name}</strong>
              <span className="muted">
                {user.username}, {roleWords[user.role]}
              </span>
            </>
          }
          items={[
            ...themeChoices.map((choice) => ({
              key: choice.theme,
              checked: theme === choice.theme,
              label: (
                <>
                  <Icon name={choice.icon} /> {choice.label}
                </>
              ),
              onSelect: () => setTheme(choice.theme),
            })),
            { key: "profile", divided: true, label: "Profile", onSelect: () => void navigate({ to: "/profile" }) },
            { key: "password", label: "Change password", onSelect: () => void navigate({ to: "/change-password" }) },
            { key: "out", label: "Sign out", onSelect: onSignOut },
          ]}
        />
      </header>
      {children}
      {jumping && <JumpBox permissions={session.permissions} onClose={() => setJumping(false)} />}
    </div>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? `${words[0]?.[0]}${words.at(-1)?.[0]}` : name.slice(0, 2);
  return letters.toUpperCase();
}
