/** Everything that can be done with a test. */
import { graphql } from "@/gql";

export const draftTestDocument = graphql(`
  mutation DraftTest($input: DraftTestInput!) {
    draftTest(input: $input) {
      test {
        id
        number
      }
      readModelsBehind
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const reviseTestDocument = graphql(`
  mutation ReviseTest($input: ReviseTestInput!) {
    reviseTest(input: $input) {
      test {
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

export const startExecutionDocument = graphql(`
  mutation StartExecution($input: StartExecutionInput!) {
    startExecution(input: $input) {
      test {
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

export const recordAttackDocument = graphql(`
  mutation RecordAttack($input: RecordAttackInput!) {
    recordAttack(input: $input) {
      test {
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

export const submitExecutionDocument = graphql(`
  mutation SubmitExecution($input: SubmitExecutionInput!) {
    submitExecution(input: $input) {
      test {
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

export const recordDetectionDocument = graphql(`
  mutation RecordDetection($input: RecordDetectionInput!) {
    recordDetection(input: $input) {
      test {
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

export const submitEvaluationDocument = graphql(`
  mutation SubmitEvaluation($input: SubmitEvaluationInput!) {
    submitEvaluation(input: $input) {
      test {
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

export const castVoteDocument = graphql(`
  mutation CastVote($input: CastVoteInput!) {
    castVote(input: $input) {
      test {
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

export const reopenTestDocument = graphql(`
  mutation ReopenTest($input: ReopenTestInput!) {
    reopenTest(input: $input) {
      test {
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

export const pauseWorkDocument = graphql(`
  mutation PauseWork($input: PauseWorkInput!) {
    pauseWork(input: $input) {
      test {
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

export const resumeWorkDocument = graphql(`
  mutation ResumeWork($input: ResumeWorkInput!) {
    resumeWork(input: $input) {
      test {
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

export const startEvaluationDocument = graphql(`
  mutation StartEvaluation($input: StartEvaluationInput!) {
    startEvaluation(input: $input) {
      test {
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

export const archiveTestDocument = graphql(`
  mutation ArchiveTest($input: ArchiveTestInput!) {
    archiveTest(input: $input) {
      test {
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

export const restoreTestDocument = graphql(`
  mutation RestoreTest($input: RestoreTestInput!) {
    restoreTest(input: $input) {
      test {
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

export const classifyTestDocument = graphql(`
  mutation ClassifyTest($input: ClassifyTestInput!) {
    classifyTest(input: $input) {
      test {
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

export const cloneTestDocument = graphql(`
  mutation CloneTest($input: CloneTestInput!) {
    cloneTest(input: $input) {
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

export const bulkTestsDocument = graphql(`
  mutation BulkTests($input: BulkTestsInput!) {
    bulkTests(input: $input) {
      results {
        id
        test {
          number
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
