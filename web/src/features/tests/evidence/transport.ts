/** How a file of evidence gets to the server: asked for, put, confirmed. */
import { execute } from "@/api/client";
import { sentence } from "@/api/command";
import { put } from "@/api/upload";
import { sha256 } from "./digest";
import { confirmEvidenceDocument, requestEvidenceUploadDocument } from "./operations";
import { type Transport, UploadRefused } from "./queue";

const refuse = (errors: readonly { message: string }[]) => {
  if (errors.length > 0) throw new UploadRefused(errors.map((error) => sentence(error.message)).join(" "));
};

export const transportFor = (testId: string): Transport => ({
  digest: sha256,
  request: async ({ file, name, side, caption, sha256: digest, commandId }, signal) => {
    const input = {
      testId,
      side,
      fileName: name,
      sizeBytes: file.size,
      sha256: digest,
      caption: caption || null,
      clientMutationId: commandId,
    };
    const { upload, userErrors } = (await execute(requestEvidenceUploadDocument, { input }, signal)).requestEvidenceUpload;
    refuse(userErrors);
    if (!upload) throw new UploadRefused("The server named no place for the file.");
    const { direct } = upload;
    return {
      id: upload.id,
      put: async (onProgress, stop) => {
        if (direct) {
          try {
            await put({ url: direct.url, headers: direct.headers, foreign: true }, file, onProgress, stop);
            return;
          } catch (error) {
            if (stop.aborted) throw error;
            // The store cannot be reached from here, or takes nothing from here: our own server can, and says why.
            onProgress(0);
          }
        }
        await put({ url: upload.url, headers: [], foreign: false }, file, onProgress, stop);
      },
    };
  },
  confirm: async (uploadId, commandId, signal) => {
    const input = { uploadId, clientMutationId: commandId };
    refuse((await execute(confirmEvidenceDocument, { input }, signal)).confirmEvidence.userErrors);
  },
});
