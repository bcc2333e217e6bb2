/** Everything that can be done with campaigns. */
import { graphql } from "@/gql";

export const createCampaignDocument = graphql(`
  mutation CreateCampaign($input: CreateCampaignInput!) {
    createCampaign(input: $input) {
      campaign {
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

export const updateCampaignDocument = graphql(`
  mutation UpdateCampaign($input: UpdateCampaignInput!) {
    updateCampaign(input: $input) {
      campaign {
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

export const activateCampaignDocument = graphql(`
  mutation ActivateCampaign($input: ActivateCampaignInput!) {
    activateCampaign(input: $input) {
      campaign {
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

export const completeCampaignDocument = graphql(`
  mutation CompleteCampaign($input: CompleteCampaignInput!) {
    completeCampaign(input: $input) {
      campaign {
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

export const archiveCampaignDocument = graphql(`
  mutation ArchiveCampaign($input: ArchiveCampaignInput!) {
    archiveCampaign(input: $input) {
      campaign {
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

export const cloneCampaignDocument = graphql(`
  mutation CloneCampaign($input: CloneCampaignInput!) {
    cloneCampaign(input: $input) {
      campaign {
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

export const addCampaignTestDocument = graphql(`
  mutation AddCampaignTest($input: AddCampaignTestInput!) {
    addCampaignTest(input: $input) {
      campaign {
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

export const updateCampaignTestDocument = graphql(`
  mutation UpdateCampaignTest($input: UpdateCampaignTestInput!) {
    updateCampaignTest(input: $input) {
      campaign {
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

export const moveCampaignTestDocument = graphql(`
  mutation MoveCampaignTest($input: MoveCampaignTestInput!) {
    moveCampaignTest(input: $input) {
      campaign {
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

export const removeCampaignTestDocument = graphql(`
  mutation RemoveCampaignTest($input: RemoveCampaignTestInput!) {
    removeCampaignTest(input: $input) {
      campaign {
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

export const scheduleCampaignDocument = graphql(`
  mutation ScheduleCampaign($input: ScheduleCampaignInput!) {
    scheduleCampaign(input: $input) {
      campaign {
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

export const unscheduleCampaignDocument = graphql(`
  mutation UnscheduleCampaign($input: UnscheduleCampaignInput!) {
    unscheduleCampaign(input: $input) {
      campaign {
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
