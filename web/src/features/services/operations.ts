import { infiniteQueryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { ServiceAccountsQuery } from "@/gql/graphql";

const serviceAccountsDocument = graphql(`
  query ServiceAccounts($first: Int!, $after: String, $search: String) {
    serviceAccounts(first: $first, after: $after, search: $search) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        description
        role
        active
        createdAt
        keys {
          id
          label
          scope
          issuedAt
          issuedBy {
            name
          }
          expiresAt
          lastUsedAt
          lastUsedFrom
          revokedAt
          revokedBy {
            name
          }
          usable
        }
      }
    }
  }
`);

export const createServiceAccountDocument = graphql(`
  mutation CreateServiceAccount($input: CreateServiceAccountInput!) {
    createServiceAccount(input: $input) {
      serviceAccount {
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

export const issueApiKeyDocument = graphql(`
  mutation IssueApiKey($input: IssueApiKeyInput!) {
    issueApiKey(input: $input) {
      token
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const revokeApiKeyDocument = graphql(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      key {
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

/** A service account is changed, closed and opened as the account of a person is. */
export const changeServiceAccountDocument = graphql(`
  mutation ChangeServiceAccount($input: UpdateUserInput!) {
    updateUser(input: $input) {
      user {
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

export const deactivateServiceAccountDocument = graphql(`
  mutation DeactivateServiceAccount($input: SetUserActiveInput!) {
    deactivateUser(input: $input) {
      user {
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

export const reactivateServiceAccountDocument = graphql(`
  mutation ReactivateServiceAccount($input: SetUserActiveInput!) {
    reactivateUser(input: $input) {
      user {
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

export type ServiceAccount = ServiceAccountsQuery["serviceAccounts"]["nodes"][number];
export type ApiKey = ServiceAccount["keys"][number];

export const serviceAccountsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["service-accounts", search],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(serviceAccountsDocument, { first: 20, after: pageParam, search: search || null }, signal))
        .serviceAccounts,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
