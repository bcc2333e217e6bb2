import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { JobsQuery } from "@/gql/graphql";
import { differenceOf } from "./outcome";

const jobsDocument = graphql(`
  query Jobs($first: Int!, $after: String) {
    jobs(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...JobFields
      }
    }
  }

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

export const rejectsDocument = graphql(`
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
          record
          reason
        }
      }
    }
  }
`);

const releaseTechniquesDocument = graphql(`
  query ReleaseTechniques($asOf: DateTime!) {
    attackRelease(asOf: $asOf) {
      version
    }
    techniques(first: 1000, asOf: $asOf) {
      nodes {
        attackId
        name
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

export type Job = JobsQuery["jobs"]["nodes"][number];

export const isOpen = (job: Job) => job.state === "QUEUED" || job.state === "RUNNING";

export const jobsQuery = infiniteQueryOptions({
  queryKey: ["jobs"],
  queryFn: async ({ pageParam, signal }) => (await execute(jobsDocument, { first: 25, after: pageParam }, signal)).jobs,
  initialPageParam: null as string | null,
  getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
});

export const rejectsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["job-rejects", id],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(rejectsDocument, { id, first: 50, after: pageParam }, signal)).job?.rejects ?? null,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

/** How the techniques in force differ between two instants of the past, which never changes again. */
export const releaseDifferenceQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ["release-difference", from, to],
    queryFn: async ({ signal }) => {
      const [before, after] = await Promise.all(
        [from, to].map((asOf) => execute(releaseTechniquesDocument, { asOf }, signal)),
      );
      return {
        before: before?.attackRelease?.version ?? null,
        difference: differenceOf(before?.techniques.nodes ?? [], after?.techniques.nodes ?? []),
      };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
