/** Everything that can be done with remediations. */
import { graphql } from "@/gql";

export const openRemediationDocument = graphql(`
  mutation OpenRemediation($input: OpenRemediationInput!) {
    openRemediation(input: $input) {
      remediation {
        number
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const startRemediationDocument = graphql(`
  mutation StartRemediation($input: StartRemediationInput!) {
    startRemediation(input: $input) {
      remediation {
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

export const blockRemediationDocument = graphql(`
  mutation BlockRemediation($input: BlockRemediationInput!) {
    blockRemediation(input: $input) {
      remediation {
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

export const unblockRemediationDocument = graphql(`
  mutation UnblockRemediation($input: UnblockRemediationInput!) {
    unblockRemediation(input: $input) {
      remediation {
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

export const completeRemediationDocument = graphql(`
  mutation CompleteRemediation($input: CompleteRemediationInput!) {
    completeRemediation(input: $input) {
      remediation {
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

export const reopenRemediationDocument = graphql(`
  mutation ReopenRemediation($input: ReopenRemediationInput!) {
    reopenRemediation(input: $input) {
      remediation {
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

export const acceptRiskDocument = graphql(`
  mutation AcceptRisk($input: AcceptRiskInput!) {
    acceptRisk(input: $input) {
      remediation {
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

export const assignRemediationDocument = graphql(`
  mutation AssignRemediation($input: AssignRemediationInput!) {
    assignRemediation(input: $input) {
      remediation {
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

export const updateRemediationDocument = graphql(`
  mutation UpdateRemediation($input: UpdateRemediationInput!) {
    updateRemediation(input: $input) {
      remediation {
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

export const addRemediationStepDocument = graphql(`
  mutation AddRemediationStep($input: AddRemediationStepInput!) {
    addRemediationStep(input: $input) {
      remediation {
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

export const updateRemediationStepDocument = graphql(`
  mutation UpdateRemediationStep($input: UpdateRemediationStepInput!) {
    updateRemediationStep(input: $input) {
      remediation {
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

export const completeRemediationStepDocument = graphql(`
  mutation CompleteRemediationStep($input: CompleteRemediationStepInput!) {
    completeRemediationStep(input: $input) {
      remediation {
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

export const removeRemediationStepDocument = graphql(`
  mutation RemoveRemediationStep($input: RemoveRemediationStepInput!) {
    removeRemediationStep(input: $input) {
      remediation {
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
