import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { EvidencePartsFragment } from "@/gql/graphql";

export const evidencePartsDocument = graphql(`
  fragment EvidenceParts on Evidence {
    id
    evidenceId
    side
    fileName
    mediaType
    sizeBytes
    sha256
    caption
    addedAt
    addedBy {
      name
    }
    removedAt
    removedBy {
      name
    }
    removeReason
    downloadUrl
  }
`);

export type Evidence = EvidencePartsFragment;

export const requestEvidenceUploadDocument = graphql(`
  mutation RequestEvidenceUpload($input: RequestEvidenceUploadInput!) {
    requestEvidenceUpload(input: $input) {
      upload {
        id
        url
        direct {
          url
          headers {
            name
            value
          }
        }
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const confirmEvidenceDocument = graphql(`
  mutation ConfirmEvidence($input: ConfirmEvidenceInput!) {
    confirmEvidence(input: $input) {
      test {
        id
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const removeEvidenceDocument = graphql(`
  mutation RemoveEvidence($input: RemoveEvidenceInput!) {
    removeEvidence(input: $input) {
      test {
        id
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

const evidenceLinkDocument = graphql(`
  query EvidenceLink($id: ID!) {
    evidence(id: $id) {
      downloadUrl
    }
  }
`);

/** A link to the bytes that is good for the next minutes; null where the file was taken out. Those of a page grow old. */
export async function freshLink(id: string, signal?: AbortSignal): Promise<string | null> {
  return (await execute(evidenceLinkDocument, { id }, signal)).evidence?.downloadUrl ?? null;
}
