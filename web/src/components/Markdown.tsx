import { Fragment, type ReactNode } from "react";

/**
 * The subset of Markdown that ATT&CK descriptions use: paragraphs, lists, headings, bold,
 * code and links. Everything else, HTML included, is text: nothing here writes markup.
 */
export function Markdown({
  source,
  renderLink,
}: {
  source: string;
  /** Lets a page keep links to its own world inside; null leaves the link external. */
  renderLink?: (href: string, children: ReactNode) => ReactNode | null;
}) {
  return (
    <div className="markdown">
      {blocks(source).map((block, index) => {
        const key = String(index);
        switch (block.kind) {
          case "heading":
            return <h3 key={key}>{inline(block.text, renderLink)}</h3>;
          case "list":
            return (
              <ul key={key}>
                {block.items.map((item, at) => (
                  <li key={at}>{inline(item, renderLink)}</li>
                ))}
              </ul>
            );
          case "paragraph":
            return <p key={key}>{inline(block.text, renderLink)}</p>;
        }
      })}
    </div>
  );
}

type Block =
  | { kind: "heading"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "paragraph"; text: string };

function blocks(source: string): Block[] {
  const found: Block[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) found.push({ kind: "paragraph", text: open.join(" ") });
    open = [];
  };
  for (const raw of source.replaceAll(/<br\s*\/?>/gi, "\n\n").split(/\r?\n/)) {
    const line = raw.trim();
    const heading = /^#{1,6}\s+(.+)$/.exec(line);
    const bullet = /^[*-]\s+(.+)$/.exec(line);
    if (line === "") close();
    else if (heading?.[1]) {
      close();
      found.push({ kind: "heading", text: heading[1] });
    } else if (bullet?.[1]) {
      close();
      const last = found.at(-1);
      if (last?.kind === "list") last.items.push(bullet[1]);
      else found.push({ kind: "list", items: [bullet[1]] });
    } else open.push(line);
  }
  close();
  return found;
}

const inlinePattern =
  /\(Citation: [^)]*\)|`([^`]+)`|<code>([\s\S]*?)<\/code>|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)/g;

function inline(text: string, renderLink?: (href: string, children: ReactNode) => ReactNode | null): ReactNode[] {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(inlinePattern)) {
    // A citation names a reference list that is not shown here, so it leaves no trace, nor does its space.
    const citation = match[0].startsWith("(Citation:");
    parts.push(citation ? text.slice(from, match.index).trimEnd() : text.slice(from, match.index));
    from = match.index + match[0].length;
    const [, tick, tag, bold, label, href] = match;
    const code = tick ?? tag;
    const key = match.index;
    if (citation) continue;
    if (code !== undefined) parts.push(<code key={key}>{code}</code>);
    else if (bold !== undefined) parts.push(<strong key={key}>{bold}</strong>);
    else if (label !== undefined) parts.push(<Fragment key={key}>{link(label, href ?? "", renderLink)}</Fragment>);
  }
  parts.push(text.slice(from));
  return parts;
}

function link(
  label: string,
  href: string,
  renderLink?: (href: string, children: ReactNode) => ReactNode | null,
): ReactNode {
  // Only web addresses become links: `javascript:` and its relatives stay text.
  if (!/^https?:\/\//i.test(href)) return label;
  const own = renderLink?.(href, label);
  if (own) return own;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {label}
    </a>
  );
}
