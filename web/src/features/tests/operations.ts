import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { TestFilter, TestQuery, TestsQuery, TestsQueryVariables } from "@/gql/graphql";

const testsDocument = graphql(`
  query Tests($first: Int!, $after: String, $filter: TestFilter, $asOf: DateTime) {
    tests(first: $first, after: $after, filter: $filter, asOf: $asOf) {
      totalCount
      totalIsExact
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
        paused
        archived
        classification
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

export const clockPartsDocument = graphql(`
  fragment ClockParts on Clock {
    startedAt
    endedAt
    netSeconds
    pausedSeconds
    pausedSince
    pauses {
      from
      to
      reason
      by {
        name
      }
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
      plannedProcedure
      plannedTool
      tags
      dueDate
      state
      paused
      archived
      archiveReason
      classification
      copiedFrom {
        number
        title
      }
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
        evaluationStartedAt
        evaluationStartedBy {
          name
        }
        executionClock {
          ...ClockParts
        }
        evaluationClock {
          ...ClockParts
        }
        evidence {
          ...EvidenceParts
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
          evidence {
            evidenceId
            sha256
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

/** Pages read for the pending tasks; whoever has more works through these first. */
const pendingPages = 5;

/** All that waits for the signed-in person, in one piece: it is sorted here. */
export const pendingQuery = (asOf: string | undefined) =>
  queryOptions({
    queryKey: ["pending", asOf ?? "now"],
    queryFn: async ({ signal }) => {
      const tests: TestRow[] = [];
      let counted = { totalCount: 0, totalIsExact: true };
      let after: string | null = null;
      for (let page = 0; page < pendingPages; page += 1) {
        const variables: TestsQueryVariables = { first: 100, after, filter: { awaitingMe: true }, asOf: asOf ?? null };
        const found = await read(variables, signal);
        tests.push(...found.nodes);
        counted = found;
        after = found.pageInfo.endCursor ?? null;
        if (!found.pageInfo.hasNextPage) break;
      }
      return { tests, totalCount: counted.totalCount, totalIsExact: counted.totalIsExact };
    },
  });

const read = async (variables: TestsQueryVariables, signal: AbortSignal): Promise<TestsQuery["tests"]> =>
  (await execute(testsDocument, variables, signal)).tests;

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
