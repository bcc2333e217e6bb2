import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { TestFilter, TestQuery, TestsQuery } from "@/gql/graphql";

const testsDocument = graphql(`
  query Tests($first: Int!, $after: String, $filter: TestFilter, $asOf: DateTime) {
    tests(first: $first, after: $after, filter: $filter, asOf: $asOf) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        number
        title
        state
        round
        tags
        dueDate
        updatedAt
        detectionResult
        pendingVotes
        draftedAttackId
        technique {
          attackId
          name
        }
        assignee {
          name
        }
      }
    }
  }
`);

export const testEventsDocument = graphql(`
  subscription TestEvents($filter: EventFilter) {
    events(filter: $filter) {
      position
      aggregateType
      attackIds
    }
  }
`);

const testDocument = graphql(`
  query Test($number: Int!, $asOf: DateTime) {
    test(number: $number, asOf: $asOf) {
      id
      testId
      number
      title
      description
      objective
      targetEnvironment
      platform
      tags
      dueDate
      state
      round
      version
      detectionResult
      createdAt
      updatedAt
      pendingVotes
      availableActions
      voteRefusal
      draftedAttackId
      technique {
        attackId
        name
        coverage {
          status
        }
      }
      draftedAgainst {
        attackId
        name
      }
      assignee {
        id
        name
      }
      createdBy {
        id
        name
        role
      }
      rounds {
        number
        outcome
        openedAt
        executionStartedAt
        executionSubmittedAt
        evaluationSubmittedAt
        decidedAt
        reopenReason
        executedBy {
          id
          name
        }
        evaluatedBy {
          id
          name
        }
        attack {
          procedure
          tool
          startedAt
          endedAt
          success
          summary
          recordedAt
          recordedBy {
            name
          }
        }
        detection {
          result
          detectedAt
          alertedAt
          containedAt
          containmentResult
          clockSkewNote
          summary
          recordedAt
          recordedBy {
            name
          }
        }
        votes {
          side
          verdict
          notes
          castAt
          position
          superseded
          voter {
            id
            name
          }
        }
      }
    }
  }
`);

const timelineDocument = graphql(`
  query TestTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {
    test(number: $number, asOf: $asOf) {
      timeline(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          position
          sealedAt
          recordedAt
          type
          round
          summary
          actor {
            name
          }
        }
      }
    }
  }
`);

const peopleDocument = graphql(`
  query People {
    people {
      id
      name
      role
    }
  }
`);

const techniqueChoicesDocument = graphql(`
  query TechniqueChoices($search: String!) {
    techniques(first: 12, filter: { search: $search, includeSubTechniques: true }) {
      nodes {
        attackId
        name
        platforms
      }
    }
  }
`);

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

export type TestRow = TestsQuery["tests"]["nodes"][number];
export type TestDetail = NonNullable<TestQuery["test"]>;
export type Round = TestDetail["rounds"][number];

const pageSize = 50;

export const testsQuery = (filter: TestFilter, asOf: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["tests", filter, asOf ?? "now"],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(testsDocument, { first: pageSize, after: pageParam, filter, asOf: asOf ?? null }, signal)).tests,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

export const testQuery = (number: number, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["test", number, asOf ?? "now"],
    queryFn: async ({ signal }) => (await execute(testDocument, { number, asOf: asOf ?? null }, signal)).test ?? null,
  });

export const timelineQuery = (number: number, asOf: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["test", number, asOf ?? "now", "timeline"],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(timelineDocument, { number, first: pageSize, after: pageParam, asOf: asOf ?? null }, signal)).test
        ?.timeline ?? null,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: async ({ signal }) => (await execute(peopleDocument, {}, signal)).people,
  staleTime: 60_000,
});

export const techniqueChoicesQuery = (search: string) =>
  queryOptions({
    queryKey: ["technique-choices", search],
    queryFn: async ({ signal }) => (await execute(techniqueChoicesDocument, { search }, signal)).techniques.nodes,
    enabled: search.trim().length > 1,
    staleTime: 60_000,
  });
