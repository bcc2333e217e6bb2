import { queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";

const secondFactorDocument = graphql(`
  query SecondFactor {
    secondFactor {
      active
      required
      recoveryCodesLeft
    }
  }
`);

export const beginSecondFactorDocument = graphql(`
  mutation BeginSecondFactor($input: BeginSecondFactorInput!) {
    beginSecondFactor(input: $input) {
      secret {
        secret
        uri
        qr
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const confirmSecondFactorDocument = graphql(`
  mutation ConfirmSecondFactor($input: ConfirmSecondFactorInput!) {
    confirmSecondFactor(input: $input) {
      recoveryCodes
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const removeSecondFactorDocument = graphql(`
  mutation RemoveSecondFactor($input: RemoveSecondFactorInput!) {
    removeSecondFactor(input: $input) {
      secondFactor {
        active
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const renewRecoveryCodesDocument = graphql(`
  mutation RenewRecoveryCodes($input: RenewRecoveryCodesInput!) {
    renewRecoveryCodes(input: $input) {
      recoveryCodes
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const secondFactorQuery = queryOptions({
  queryKey: ["second-factor"],
  queryFn: async ({ signal }) => (await execute(secondFactorDocument, {}, signal)).secondFactor,
});
