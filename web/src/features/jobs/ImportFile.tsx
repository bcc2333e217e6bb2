import { useState } from "react";
import { UploadFile } from "@/components/UploadFile";
import type { KnowledgeSource } from "@/gql/graphql";
import { sourceGroups } from "@/sources";

/** Takes in a file of any source. */
export function ImportFile() {
  const [source, setSource] = useState<KnowledgeSource>("ATTACK_ENTERPRISE");
  const [preview, setPreview] = useState(false);
  return (
    <UploadFile
      source={source}
      preview={preview}
      label="Import a file"
      title="Import a file"
      hint="A STIX bundle, an archive of a repository or a spreadsheet, as the source publishes it. Drop it here or choose it."
      options={
        <div className="import-options">
          <label>
            Source{" "}
            <select
              className="input"
              value={source}
              onChange={(event) => setSource(event.target.value as KnowledgeSource)}
            >
              {sourceGroups.map((group) => (
                <optgroup key={group.title} label={group.title}>
                  {group.sources.map((each) => (
                    <option key={each.source} value={each.source}>
                      {each.title}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          </label>
          <label className="check-line">
            <input type="checkbox" checked={preview} onChange={(event) => setPreview(event.target.checked)} />
            Only preview what would change
          </label>
        </div>
      }
    />
  );
}
