import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
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

export const jobsQuery = infiniteQueryOptions({
  queryKey: ["jobs"],
  queryFn: async ({ pageParam, signal }) => (await execute(jobsDocument, { first: 25, after: pageParam }, signal)).jobs,
  initialPageParam: null as string | null,
  getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
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
