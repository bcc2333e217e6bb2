import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "@/api/command";
import { may, useSession } from "@/api/session";
import { Button, IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { Menu } from "@/components/Menu";
import { EmptyState, ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import { ReasonDialog } from "@/components/ReasonDialog";
import { sourceTitle } from "@/sources";
import { retireTemplateDocument, setTemplatesActiveDocument } from "./commands";
import { InstantiateDialog } from "./InstantiateDialog";
import { type Template, templateQuery } from "./operations";
import { TemplateFormDialog } from "./TemplateFormDialog";
import { kindWords, Severity } from "./words";

interface Props {
  id: string;
  asOf: string | undefined;
  onClose: () => void;
  onTechnique: (attackId: string) => void;
  onChanged: () => void;
  onDrafted: (number: number) => void;
}

/** All that a template says, beside the list. */
export function TemplatePanel(props: Props) {
  const query = useQuery(templateQuery(props.id, props.asOf));
  return (
    <aside className="template-panel" aria-label="Template">
      {query.isError ? (
        <ErrorNotice doing="Loading the template" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={8} label="Loading the template" />
      ) : query.data === null ? (
        <EmptyState title="There is no such template" action={<Button onClick={props.onClose}>Close</Button>}>
          {props.asOf ? "It was not there at this instant." : "The address may be mistyped."}
        </EmptyState>
      ) : (
        <Content {...props} template={query.data} />
      )}
    </aside>
  );
}

function Content({ template, asOf, onClose, onTechnique, onChanged, onDrafted }: Props & { template: Template }) {
  const session = useSession();
  const set = useCommand(setTemplatesActiveDocument);
  const retire = useCommand(retireTemplateDocument);
  const [open, setOpen] = useState<"draft" | "edit" | "retire" | null>(null);
  const close = () => setOpen(null);
  // What a source brought follows its releases: people only switch it on and off.
  const written = template.source === "custom";
  const usable = !asOf && !template.retired;
  const turn = async () => {
    if (await set.submit({ ids: [template.id], active: !template.active })) onChanged();
  };
  const items = [
    ...(may(session, "updateTemplate") && written ? [{ key: "edit", label: "Edit", onSelect: () => setOpen("edit") }] : []),
    ...(may(session, "setTemplatesActive")
      ? [{ key: "turn", label: template.active ? "Deactivate" : "Activate", onSelect: () => void turn() }]
      : []),
    ...(may(session, "retireTemplate") && written
      ? [{ key: "retire", label: "Retire", divided: true, onSelect: () => setOpen("retire") }]
      : []),
  ];
  return (
    <>
      <header className="template-head">
        <h2>{template.name}</h2>
        <IconButton label="Close the template" icon="close" onClick={onClose} />
      </header>
      <p className="template-line">
        {template.technique ? (
          <Link to="/techniques/$attackId" params={{ attackId: template.technique.attackId }}>
            {template.technique.attackId} {template.technique.name}
          </Link>
        ) : (
          <span className="muted">
            {template.attackId ? `${template.attackId}: not in the ATT&CK release in force` : "No technique"}
          </span>
        )}
        {template.attackId && (
          <Button variant="quiet" onClick={() => onTechnique(template.attackId)}>
            Others of it
          </Button>
        )}
      </p>
      {usable && (
        <div className="page-actions">
          {may(session, "draftTestFromTemplate") && (
            <Button
              variant="primary"
              disabled={!template.active}
              title={template.active ? undefined : "Activate it first"}
              onClick={() => setOpen("draft")}
            >
              Draft a test
            </Button>
          )}
          {items.length > 0 && <Menu label="More" align="start" trigger={<Icon name="more" />} items={items} />}
        </div>
      )}
      <Refusals refusals={set.refusals} />
      <FailureNotice failure={set.failure} />
      {template.retired && (
        <p className="notice" role="note">
          Out of use for good: {template.retiredReason}. Tests made from it stay.
        </p>
      )}
      {!template.retired && !template.active && (
        <p className="notice" role="note">
          Inactive: no tests are made from it until somebody activates it.
        </p>
      )}
      <Facts template={template} />
      {template.description && <p className="prose">{template.description}</p>}
      <Text title="Prerequisites" text={template.prerequisites} />
      <Text title="Procedure" text={template.procedure} />
      <Text title="Cleanup" text={template.cleanup} />
      <Arguments template={template} />
      {template.expectedDetection && (
        <section>
          <h3>Expected detection</h3>
          <p className="prose">{template.expectedDetection}</p>
        </section>
      )}
      {template.references.length > 0 && (
        <section>
          <h3>References</h3>
          <ul>
            {template.references.map((address) => (
              <li key={address} className="template-reference">
                <a href={address} target="_blank" rel="noreferrer noopener">
                  {address}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {open === "draft" && <InstantiateDialog template={template} onClose={close} onDrafted={onDrafted} />}
      {open === "edit" && (
        <TemplateFormDialog
          template={template}
          onClose={close}
          onSaved={() => {
            close();
            onChanged();
          }}
        />
      )}
      {open === "retire" && (
        <ReasonDialog
          title={`Retire ${template.name}`}
          submitLabel="Retire for good"
          command={retire}
          onClose={close}
          onSubmit={async (reason) => {
            if (!(await retire.submit({ id: template.id, reason, expectedVersion: template.version }))) return;
            close();
            onChanged();
          }}
        >
          It goes out of use for good; deactivate it where it may be wanted again. Tests made from it stay.
        </ReasonDialog>
      )}
    </>
  );
}

function Facts({ template }: { template: Template }) {
  return (
    <dl className="facts">
      <dt>Severity</dt>
      <dd>
        <Severity value={template.severity} />
      </dd>
      <dt>Platforms</dt>
      <dd>{template.platforms.join(", ") || "none named"}</dd>
      <dt>Executor</dt>
      <dd>{template.executor}</dd>
      {template.tool && (
        <>
          <dt>Tool</dt>
          <dd>{template.tool}</dd>
        </>
      )}
      <dt>Source</dt>
      <dd>
        {sourceTitle(template.source)}
        {template.sourceKey && <span className="muted"> {template.sourceKey}</span>}
      </dd>
      {template.tags.length > 0 && (
        <>
          <dt>Tags</dt>
          <dd className="tags">
            {template.tags.map((tag) => (
              <span key={tag} className="tag">
                {tag}
              </span>
            ))}
          </dd>
        </>
      )}
      <dt>Version</dt>
      <dd>
        {template.contentVersion}, <Instant at={template.updatedAt} />
      </dd>
      <dt>Written by</dt>
      <dd>
        {template.createdBy.name}, <Instant at={template.createdAt} />
      </dd>
      <dt>Tests</dt>
      <dd>{template.uses === 0 ? "none yet" : `${template.uses.toLocaleString("en")} drafted from it`}</dd>
    </dl>
  );
}

function Text({ title, text }: { title: string; text: string }) {
  if (text === "") return null;
  return (
    <section>
      <h3>{title}</h3>
      <pre className="procedure">{text}</pre>
    </section>
  );
}

function Arguments({ template }: { template: Template }) {
  if (template.arguments.length === 0) return null;
  return (
    <section>
      <h3>Arguments</h3>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Kind</th>
            <th scope="col">Default</th>
          </tr>
        </thead>
        <tbody>
          {template.arguments.map((argument) => (
            <tr key={argument.name} title={argument.description}>
              <th scope="row">
                <code>{argument.name}</code>
              </th>
              <td>{kindWords[argument.kind]}</td>
              <td>{argument.default == null ? <span className="muted">must be given</span> : <code>{argument.default}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
