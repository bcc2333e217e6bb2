import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { ReviewPolicyQuery } from "@/gql/graphql";

const reviewPolicyDocument = graphql(`
  query ReviewPolicy {
    reviewPolicy {
      separateSides
      noSelfApproval
      disputes
    }
  }
`);

const policyTimelineDocument = graphql(`
  query ReviewPolicyTimeline($first: Int!, $after: String) {
    reviewPolicy {
      timeline(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          position
          recordedAt
          type
          summary
          payload
          actor {
            name
          }
        }
      }
    }
  }
`);

export const setReviewPolicyDocument = graphql(`
  mutation SetReviewPolicy($input: SetReviewPolicyInput!) {
    setReviewPolicy(input: $input) {
      policy {
        disputes
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export type Policy = ReviewPolicyQuery["reviewPolicy"];

export const reviewPolicyQuery = queryOptions({
  queryKey: ["review-policy"],
  queryFn: async ({ signal }) => (await execute(reviewPolicyDocument, {}, signal)).reviewPolicy,
});

export const policyTimelineQuery = infiniteQueryOptions({
  queryKey: ["review-policy", "timeline"],
  queryFn: async ({ pageParam, signal }) =>
    (await execute(policyTimelineDocument, { first: 50, after: pageParam }, signal)).reviewPolicy.timeline,
  initialPageParam: null as string | null,
  getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
});
