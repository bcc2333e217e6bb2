import { graphql } from "@/gql";

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
