/** Jobs: how one goes, what it refused, and what can be done about it. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { graphql } from "@/gql";
import type { JobFieldsFragment } from "@/gql/graphql";
import { execute } from "./client";

graphql(`
  fragment JobFields on Job {
    id
    jobId
    kind
    title
    state
    done
    total
    current
    error
    result
    attempts
    rejectCount
    requestedAt
    startedAt
    finishedAt
    cancelRequested
    requestedBy {
      name
    }
  }
`);

const jobDocument = graphql(`
  query Job($id: ID!) {
    job(id: $id) {
      ...JobFields
    }
  }
`);

const rejectsDocument = graphql(`
  query JobRejects($id: ID!, $first: Int!, $after: String) {
    job(id: $id) {
      rejects(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          number
          file
          line
          record
          reason
        }
      }
    }
  }
`);

export const jobProgressDocument = graphql(`
  subscription JobProgress($id: ID!) {
    jobProgress(id: $id) {
      ...JobFields
    }
  }
`);

export const importFileDocument = graphql(`
  mutation ImportFile($input: ImportFileInput!) {
    importFile(input: $input) {
      job {
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

export const cancelJobDocument = graphql(`
  mutation CancelJob($input: CancelJobInput!) {
    cancelJob(input: $input) {
      job {
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

export const retryJobDocument = graphql(`
  mutation RetryJob($input: RetryJobInput!) {
    retryJob(input: $input) {
      job {
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

export type Job = JobFieldsFragment;

export const isOpen = (job: Pick<Job, "state">) => job.state === "QUEUED" || job.state === "RUNNING";

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["job", id],
    queryFn: async ({ signal }) => (await execute(jobDocument, { id }, signal)).job ?? null,
  });

export const rejectsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["job-rejects", id],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(rejectsDocument, { id, first: 50, after: pageParam }, signal)).job?.rejects ?? null,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
