import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { AccessPolicyQuery } from "@/gql/graphql";

const accessPolicyDocument = graphql(`
  query AccessPolicy {
    accessPolicy {
      secondFactorRoles
      groups {
        group
        role
      }
      defaultRole
      singleSignOnOnly
    }
  }
`);

const accessTimelineDocument = graphql(`
  query AccessPolicyTimeline($first: Int!, $after: String) {
    accessPolicy {
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

export const setAccessPolicyDocument = graphql(`
  mutation SetAccessPolicy($input: SetAccessPolicyInput!) {
    setAccessPolicy(input: $input) {
      policy {
        singleSignOnOnly
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export type AccessPolicy = AccessPolicyQuery["accessPolicy"];

export const accessPolicyQuery = queryOptions({
  queryKey: ["access-policy"],
  queryFn: async ({ signal }) => (await execute(accessPolicyDocument, {}, signal)).accessPolicy,
});

export const accessTimelineQuery = infiniteQueryOptions({
  queryKey: ["access-policy", "timeline"],
  queryFn: async ({ pageParam, signal }) =>
    (await execute(accessTimelineDocument, { first: 50, after: pageParam }, signal)).accessPolicy.timeline,
  initialPageParam: null as string | null,
  getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
});
