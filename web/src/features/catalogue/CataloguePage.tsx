import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { may, useSession } from "@/api/session";
import { BulkResults, type Outcome } from "@/components/BulkResults";
import { Button, Chip } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { SearchField } from "@/components/SearchField";
import type { TemplateSeverity, TestTemplateFilter } from "@/gql/graphql";
import { sourceTitle } from "@/sources";
import { templateStatsQuery, templatesQuery } from "./operations";
import { TemplateFormDialog } from "./TemplateFormDialog";
import { TemplatePanel } from "./TemplatePanel";
import { TemplateRows } from "./TemplateRows";
import { severities, severityWords } from "./words";
import { catalogueSearchKeys, type CatalogueSearch } from "./search";
import "./catalogue.css";

const cleared: CatalogueSearch = Object.fromEntries(catalogueSearchKeys.map((key) => [key, ""]));

/** Templates of tests: what there is, what each says, and drafts made from them. */
export function CataloguePage({
  search,
  asOf,
  onSearch,
  onDrafted,
  views,
}: {
  search: CatalogueSearch;
  asOf: string | undefined;
  onSearch: (change: CatalogueSearch) => void;
  onDrafted: (number: number) => void;
  views?: ReactNode;
}) {
  const session = useSession();
  const queryClient = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const chosen = severities.filter((severity) => search.severity?.split(",").includes(severity));
  const filter: TestTemplateFilter = {
    ...(search.q ? { search: search.q } : {}),
    ...(search.source ? { sources: [search.source] } : {}),
    ...(search.platform ? { platform: search.platform } : {}),
    ...(search.technique ? { attackId: search.technique } : {}),
    ...(chosen.length > 0 ? { severities: chosen } : {}),
    ...(search.active === "yes" ? { active: true } : search.active === "no" ? { active: false } : {}),
    ...(search.active === "retired" ? { includeRetired: true } : {}),
  };
  const filtered = Object.keys(filter).length > 0;
  const query = useInfiniteQuery({ ...templatesQuery(filter, asOf), placeholderData: (before) => before });
  const rows = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const total = query.data?.pages[0]?.totalCount ?? 0;
  const changed = () => {
    void queryClient.invalidateQueries({ queryKey: ["templates"] });
    void queryClient.invalidateQueries({ queryKey: ["template"] });
  };
  const toggle = (severity: TemplateSeverity) =>
    onSearch({
      severity: (chosen.includes(severity) ? chosen.filter((each) => each !== severity) : [...chosen, severity]).join(),
    });
  const create = may(session, "createTemplate") && !asOf && (
    <Button variant="primary" icon="plus" onClick={() => setCreating(true)}>
      New template
    </Button>
  );

  return (
    <div className="catalogue-page" data-open={search.template ? true : undefined}>
      <header className="page-head">
        <h1>
          Test catalogue {query.data && <span className="count">{total.toLocaleString("en")}</span>}
        </h1>
        <div className="page-actions">{create}</div>
      </header>
      <Figures asOf={asOf} search={search} onSearch={onSearch} />
      <div className="filters" role="group" aria-label="Filters">
        {views}
        {severities.map((severity) => (
          <Chip key={severity} pressed={chosen.includes(severity)} onClick={() => toggle(severity)}>
            {severityWords[severity]}
          </Chip>
        ))}
        <select
          className="input filter-select"
          aria-label="Use"
          data-on={search.active ? true : undefined}
          value={search.active ?? ""}
          onChange={(event) => onSearch({ active: event.target.value })}
        >
          <option value="">On and off</option>
          <option value="yes">Active</option>
          <option value="no">Inactive</option>
          <option value="retired">Retired too</option>
        </select>
        {search.technique && (
          <Chip pressed onClick={() => onSearch({ technique: "" })}>
            Technique: {search.technique} <Icon name="close" size={12} />
          </Chip>
        )}
        <SearchField
          label="Search templates"
          placeholder="Name, text or technique"
          value={search.q ?? ""}
          onChange={(q) => onSearch({ q })}
        />
      </div>
      <div className="catalogue-body">
        <div className="catalogue-list">
          {query.isError ? (
            <ErrorNotice doing="Loading the templates" error={query.error} onRetry={() => void query.refetch()} />
          ) : query.isPending ? (
            <Skeleton rows={10} label="Loading the templates" />
          ) : rows.length === 0 ? (
            filtered ? (
              <EmptyState
                title="No template fits these filters"
                action={<Button onClick={() => onSearch(cleared)}>Clear the filters</Button>}
              />
            ) : (
              <EmptyState title={asOf ? "No templates at this instant" : "No templates yet"} action={create}>
                A template keeps a procedure with gaps, so that the same test can be drafted again and again.
              </EmptyState>
            )
          ) : (
            <TemplateRows
              rows={rows}
              past={asOf !== undefined}
              shown={search.template}
              onShow={(template) => onSearch({ template })}
              onChanged={changed}
              onOutcome={setOutcome}
            />
          )}
          {query.hasNextPage && (
            <p className="more">
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Load more
              </Button>
              <span className="muted">
                {rows.length} of {total.toLocaleString("en")}
              </span>
            </p>
          )}
        </div>
        {search.template && (
          <TemplatePanel
            key={search.template}
            id={search.template}
            asOf={asOf}
            onClose={() => onSearch({ template: "" })}
            onTechnique={(technique) => onSearch({ technique })}
            onChanged={changed}
            onDrafted={onDrafted}
          />
        )}
      </div>
      {outcome && <BulkResults {...outcome} onClose={() => setOutcome(null)} />}
      {creating && (
        <TemplateFormDialog
          onClose={() => setCreating(false)}
          onSaved={(id) => {
            setCreating(false);
            changed();
            onSearch({ template: id });
          }}
        />
      )}
    </div>
  );
}

/** What the templates add up to; a source or a platform is a filter too. */
function Figures({
  asOf,
  search,
  onSearch,
}: {
  asOf: string | undefined;
  search: CatalogueSearch;
  onSearch: (change: CatalogueSearch) => void;
}) {
  const { data } = useQuery(templateStatsQuery(asOf));
  if (!data || data.templates === 0) return null;
  const counts = (key: "source" | "platform", title: string, entries: typeof data.bySource) => (
    <div className="catalogue-counts" role="group" aria-label={title}>
      <span className="muted">{title}</span>
      {entries.slice(0, 8).map((entry) => (
        <Chip
          key={entry.key}
          pressed={search[key] === entry.key}
          onClick={() => onSearch({ [key]: search[key] === entry.key ? "" : entry.key })}
        >
          {key === "source" ? sourceTitle(entry.key) : entry.key} <strong>{entry.templates.toLocaleString("en")}</strong>
        </Chip>
      ))}
    </div>
  );
  return (
    <section className="catalogue-figures" aria-label="Statistics">
      <dl className="stats">
        <div>
          <dt>Templates</dt>
          <dd>{data.templates.toLocaleString("en")}</dd>
        </div>
        <div>
          <dt>Active</dt>
          <dd>{data.active.toLocaleString("en")}</dd>
        </div>
        <div>
          <dt>Tests drafted from them</dt>
          <dd>{data.uses.toLocaleString("en")}</dd>
        </div>
      </dl>
      {counts("source", "Source", data.bySource)}
      {counts("platform", "Platform", data.byPlatform)}
    </section>
  );
}
