import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type {
  RemediationFilter,
  RemediationQuery,
  RemediationsQuery,
  RemediationState,
  TestChainQuery,
} from "@/gql/graphql";

const remediationsDocument = graphql(`
  query Remediations($first: Int!, $after: String, $filter: RemediationFilter, $asOf: DateTime) {
    remediations(first: $first, after: $after, filter: $filter, asOf: $asOf) {
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
        priority
        dueDate
        overdue
        attackId
        blockedReason
        riskExpiresOn
        steps {
          status
        }
        assignee {
          name
        }
        updatedAt
      }
    }
  }
`);

const remediationDocument = graphql(`
  query Remediation($number: Int!, $asOf: DateTime) {
    remediation(number: $number, asOf: $asOf) {
      id
      number
      title
      description
      state
      priority
      dueDate
      overdue
      tags
      attackId
      technique {
        attackId
        name
        coverage {
          status
        }
      }
      detectionResult
      assignee {
        id
        name
      }
      blockedReason
      reopenReason
      completionNotes
      completedAt
      completions
      riskReason
      riskExpiresOn
      verifiedAt
      openedAt
      openedBy {
        name
      }
      version
      availableActions
      steps {
        stepId
        title
        notes
        status
        owner {
          id
          name
        }
      }
      test {
        number
        title
        detectionResult
      }
      retests {
        completion
        number
        notCreatedBecause
        detectionResult
        recordedAt
        test {
          number
          title
          state
        }
      }
    }
  }
`);

const remediationTimelineDocument = graphql(`
  query RemediationTimeline($id: ID!, $first: Int!, $after: String, $asOf: DateTime) {
    remediation(id: $id, asOf: $asOf) {
      timeline(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          position
          recordedAt
          type
          summary
          actor {
            name
          }
        }
      }
    }
  }
`);

const testChainDocument = graphql(`
  query TestChain($id: ID!, $asOf: DateTime) {
    test(id: $id, asOf: $asOf) {
      retestNumber
      retestOf {
        number
        title
        detectionResult
      }
      retestFor {
        number
        title
        state
      }
      retests {
        id
        number
        title
        state
        detectionResult
        retestNumber
      }
      remediations {
        id
        number
        title
        state
        priority
        assignee {
          name
        }
      }
    }
  }
`);

export const remediationEventsDocument = graphql(`
  subscription RemediationEvents($filter: EventFilter) {
    events(filter: $filter) {
      aggregateType
    }
  }
`);

export type RemediationRow = RemediationsQuery["remediations"]["nodes"][number];
export type Remediation = NonNullable<RemediationQuery["remediation"]>;
export type Step = Remediation["steps"][number];
export type Chain = NonNullable<TestChainQuery["test"]>;

const pageSize = 50;

export const remediationsQuery = (filter: RemediationFilter, asOf: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["remediations", "list", filter, asOf ?? "now"],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(remediationsDocument, { first: pageSize, after: pageParam, filter, asOf: asOf ?? null }, signal))
        .remediations,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

/** Cards in a column of the board; the list has the others. */
export const columnSize = 30;

export const columnQuery = (state: RemediationState, filter: RemediationFilter, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["remediations", "column", state, filter, asOf ?? "now"],
    queryFn: async ({ signal }) => {
      const variables = { first: columnSize, after: null, filter: { ...filter, states: [state] }, asOf: asOf ?? null };
      return (await execute(remediationsDocument, variables, signal)).remediations;
    },
  });

export const ownQuery = (assigneeId: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["remediations", "own", assigneeId, asOf ?? "now"],
    queryFn: async ({ signal }) => {
      const filter: RemediationFilter = { assigneeId, states: ["OPEN", "IN_PROGRESS", "BLOCKED"] };
      return (await execute(remediationsDocument, { first: 100, after: null, filter, asOf: asOf ?? null }, signal))
        .remediations;
    },
  });

export const remediationQuery = (number: number, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["remediation", number, asOf ?? "now"],
    queryFn: async ({ signal }) =>
      (await execute(remediationDocument, { number, asOf: asOf ?? null }, signal)).remediation ?? null,
  });

export const remediationTimelineQuery = (number: number, id: string, asOf: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["remediation", number, asOf ?? "now", "timeline"],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(remediationTimelineDocument, { id, first: pageSize, after: pageParam, asOf: asOf ?? null }, signal))
        .remediation?.timeline ?? null,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

export const testChainQuery = (id: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["test-chain", id, asOf ?? "now"],
    queryFn: async ({ signal }) => (await execute(testChainDocument, { id, asOf: asOf ?? null }, signal)).test ?? null,
  });
