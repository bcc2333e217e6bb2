import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { cloneCampaignDocument } from "./commands";
import type { Campaign } from "./operations";

/** A copy to be planned anew, under a name of its own. */
export function CloneCampaignDialog({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const clone = useCommand(cloneCampaignDocument);
  const navigate = useNavigate();
  const [name, setName] = useState(`${campaign.name} (copy)`.slice(0, 200));
  const submit = async () => {
    const payload = await clone.submit({ id: campaign.id, name: name.trim() });
    if (!payload?.campaign) return;
    onClose();
    await navigate({ to: "/campaigns/$number", params: { number: String(payload.campaign.number) } });
  };
  return (
    <Dialog title={`Clone #${campaign.number}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="muted">A draft with the same plan and fresh drafts of its tests, without the schedule and the runs.</p>
        <TextField
          label="Name"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={refusalsFor(clone.refusals, "name")}
        />
        <Refusals refusals={otherRefusals(clone.refusals, ["name"])} />
        <FailureNotice failure={clone.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={clone.busy}>
            Clone campaign
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
