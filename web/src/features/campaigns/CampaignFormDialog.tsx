import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Select, TextArea, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { PersonSelect } from "@/components/PersonSelect";
import type { CampaignKind } from "@/gql/graphql";
import { createCampaignDocument, updateCampaignDocument } from "./commands";
import type { Campaign } from "./operations";
import { kindWords } from "./words";

const fields = ["name", "kind", "objective", "description", "ownerId", "startDate", "endDate", "tags"];

/** A new campaign, or other words for a draft. */
export function CampaignFormDialog({
  campaign,
  onClose,
  onCreated,
  onDone,
}: {
  campaign?: Campaign;
  onClose: () => void;
  onCreated?: (number: number) => void;
  onDone?: () => void;
}) {
  const create = useCommand(createCampaignDocument);
  const update = useCommand(updateCampaignDocument);
  const command = campaign ? update : create;
  const [version] = useState(campaign?.version);
  const [content, setContent] = useState({
    name: campaign?.name ?? "",
    kind: campaign?.kind ?? "CUSTOM",
    objective: campaign?.objective ?? "",
    description: campaign?.description ?? "",
    ownerId: campaign?.owner?.id ?? "",
    startDate: campaign?.startDate ?? "",
    endDate: campaign?.endDate ?? "",
    tags: campaign?.tags.join(", ") ?? "",
  });
  const set = (change: Partial<typeof content>) => setContent({ ...content, ...change });
  const error = (field: string) => refusalsFor(command.refusals, field);
  const submit = async () => {
    const input = {
      ...content,
      name: content.name.trim(),
      ownerId: content.ownerId || null,
      startDate: content.startDate || null,
      endDate: content.endDate || null,
      tags: content.tags
        .split(",")
        .map((tag) => tag.trim())
        .filter(Boolean),
    };
    if (campaign) {
      if (await update.submit({ id: campaign.id, ...input, expectedVersion: version ?? null })) onDone?.();
      return;
    }
    const payload = await create.submit(input);
    if (payload?.campaign) onCreated?.(payload.campaign.number);
  };
  return (
    <Dialog title={campaign ? `Revise ${campaign.name}` : "New campaign"} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label="Name"
          required
          maxLength={200}
          value={content.name}
          onChange={(event) => set({ name: event.target.value })}
          error={error("name")}
        />
        <div className="form-pair">
          <Select
            label="Kind"
            value={content.kind}
            onChange={(event) => set({ kind: event.target.value as CampaignKind })}
            error={error("kind")}
          >
            {(Object.keys(kindWords) as CampaignKind[]).map((kind) => (
              <option key={kind} value={kind}>
                {kindWords[kind]}
              </option>
            ))}
          </Select>
          <PersonSelect
            label="Owner"
            value={content.ownerId}
            onChange={(ownerId) => set({ ownerId })}
            error={error("ownerId")}
          />
        </div>
        <TextArea
          label="Objective"
          required={false}
          rows={2}
          value={content.objective}
          onChange={(event) => set({ objective: event.target.value })}
          error={error("objective")}
          hint="Free text is permanent: leave out names and addresses of people."
        />
        <TextArea
          label="Description"
          required={false}
          value={content.description}
          onChange={(event) => set({ description: event.target.value })}
          error={error("description")}
        />
        <div className="form-pair">
          <TextField
            label="First day"
            type="date"
            required={false}
            value={content.startDate}
            onChange={(event) => set({ startDate: event.target.value })}
            error={error("startDate")}
          />
          <TextField
            label="Last day"
            type="date"
            required={false}
            value={content.endDate}
            onChange={(event) => set({ endDate: event.target.value })}
            error={error("endDate")}
          />
        </div>
        <TextField
          label="Tags"
          required={false}
          hint="Separate with commas."
          value={content.tags}
          onChange={(event) => set({ tags: event.target.value })}
          error={error("tags")}
        />
        <Refusals refusals={otherRefusals(command.refusals, fields)} />
        <FailureNotice failure={command.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={command.busy}>
            {campaign ? "Save" : "Create campaign"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
