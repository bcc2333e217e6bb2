import { queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";

const signInOptionsDocument = graphql(`
  query SignInOptions {
    signInOptions {
      passwords
      singleSignOn {
        name
        startUrl
      }
    }
  }
`);

export const signInOptionsQuery = queryOptions({
  queryKey: ["sign-in-options"],
  queryFn: async ({ signal }) => (await execute(signInOptionsDocument, {}, signal)).signInOptions,
  staleTime: 60_000,
});

export const signInDocument = graphql(`
  mutation SignIn($input: LoginInput!) {
    login(input: $input) {
      secondFactorRequired
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const signOutDocument = graphql(`
  mutation SignOut {
    logout {
      userErrors {
        message
      }
    }
  }
`);

export const changePasswordDocument = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
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
