import { infiniteQueryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { UsersQuery } from "@/gql/graphql";

const usersDocument = graphql(`
  query Users($first: Int!, $after: String, $search: String) {
    users(first: $first, after: $after, search: $search) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        username
        displayName
        email
        role
        active
        erased
        secondFactor
        mustChangePassword
        createdAt
        lastSignInAt
      }
    }
  }
`);

export const createUserDocument = graphql(`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      user {
        id
        username
      }
      generatedPassword
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const updateUserDocument = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
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

export const deactivateUserDocument = graphql(`
  mutation DeactivateUser($input: SetUserActiveInput!) {
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

export const reactivateUserDocument = graphql(`
  mutation ReactivateUser($input: SetUserActiveInput!) {
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

export const resetSecondFactorDocument = graphql(`
  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {
    resetSecondFactor(input: $input) {
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

export const eraseUserDocument = graphql(`
  mutation EraseUser($input: EraseUserInput!) {
    eraseUser(input: $input) {
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

export const signUserOutDocument = graphql(`
  mutation SignUserOut($input: RevokeSessionsInput!) {
    revokeSessions(input: $input) {
      sessions {
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

export const resetUserPasswordDocument = graphql(`
  mutation ResetUserPassword($input: ResetUserPasswordInput!) {
    resetUserPassword(input: $input) {
      user {
        id
        username
      }
      generatedPassword
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export type User = UsersQuery["users"]["nodes"][number];

export const usersQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["users", search],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(usersDocument, { first: 50, after: pageParam, search: search || null }, signal)).users,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
