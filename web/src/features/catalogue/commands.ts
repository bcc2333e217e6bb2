/** Everything that can be done with templates. */
import { graphql } from "@/gql";

export const createTemplateDocument = graphql(`
  mutation CreateTemplate($input: CreateTemplateInput!) {
    createTemplate(input: $input) {
      template {
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

export const updateTemplateDocument = graphql(`
  mutation UpdateTemplate($input: UpdateTemplateInput!) {
    updateTemplate(input: $input) {
      template {
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

export const retireTemplateDocument = graphql(`
  mutation RetireTemplate($input: RetireTemplateInput!) {
    retireTemplate(input: $input) {
      template {
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

export const setTemplatesActiveDocument = graphql(`
  mutation SetTemplatesActive($input: SetTemplatesActiveInput!) {
    setTemplatesActive(input: $input) {
      results {
        id
        template {
          active
          retired
        }
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const draftFromTemplateDocument = graphql(`
  mutation DraftTestFromTemplate($input: DraftTestFromTemplateInput!) {
    draftTestFromTemplate(input: $input) {
      test {
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

export const draftFromTemplatesDocument = graphql(`
  mutation DraftTestsFromTemplates($input: DraftTestsFromTemplatesInput!) {
    draftTestsFromTemplates(input: $input) {
      results {
        test {
          number
          title
        }
        userErrors {
          field
          message
          code
        }
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);
