import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { CampaignFilter, CampaignQuery, CampaignRunsQuery, CampaignsQuery } from "@/gql/graphql";

export const progressPartsDocument = graphql(`
  fragment ProgressParts on CampaignProgress {
    tests
    validated
    detected
    partiallyDetected
    notDetected
    byState {
      state
      tests
    }
  }
`);

const campaignsDocument = graphql(`
  query Campaigns($first: Int!, $after: String, $filter: CampaignFilter, $asOf: DateTime) {
    campaigns(first: $first, after: $after, filter: $filter, asOf: $asOf) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        number
        name
        kind
        state
        startDate
        endDate
        runDue
        owner {
          name
        }
        progress {
          ...ProgressParts
        }
        schedule {
          every
          nextDue {
            due
            dueAt
          }
        }
        updatedAt
      }
    }
  }
`);

const campaignDocument = graphql(`
  query Campaign($number: Int!, $asOf: DateTime) {
    campaign(number: $number, asOf: $asOf) {
      id
      number
      name
      description
      objective
      kind
      state
      startDate
      endDate
      tags
      version
      createdAt
      createdBy {
        name
      }
      owner {
        id
        name
      }
      parent {
        number
        name
      }
      clonedFrom {
        number
        name
      }
      runDue
      runLate
      availableActions
      progress {
        ...ProgressParts
      }
      schedule {
        every
        first
        timeZone
        until
        missed
        scheduledBy {
          name
        }
        upcoming {
          due
          dueAt
        }
      }
      tests {
        order
        phase
        dependsOn {
          id
          number
        }
        test {
          id
          number
          title
          state
          detectionResult
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
  }
`);

const runsDocument = graphql(`
  query CampaignRuns($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {
    campaign(number: $number, asOf: $asOf) {
      runs(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          due
          dueAt
          late
          skipped
          recordedAt
          campaign {
            id
            number
            name
            state
            progress {
              ...ProgressParts
            }
          }
        }
      }
    }
  }
`);

const campaignTimelineDocument = graphql(`
  query CampaignTimeline($number: Int!, $first: Int!, $after: String, $asOf: DateTime) {
    campaign(number: $number, asOf: $asOf) {
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

const comparisonDocument = graphql(`
  query CompareCampaignRuns($first: ID!, $second: ID!, $asOf: DateTime) {
    compareCampaignRuns(first: $first, second: $second, asOf: $asOf) {
      better
      worse
      same
      new
      gone
      open
      tests {
        change
        source {
          number
          title
        }
        first {
          number
          title
          state
          detectionResult
        }
        second {
          number
          title
          state
          detectionResult
        }
      }
    }
  }
`);

const testChoicesDocument = graphql(`
  query CampaignTestChoices($search: String!) {
    tests(first: 30, filter: { search: $search }) {
      nodes {
        id
        number
        title
        state
        draftedAttackId
      }
    }
  }
`);

const campaignsOfTestDocument = graphql(`
  query CampaignsOfTest($id: ID!, $asOf: DateTime) {
    test(id: $id, asOf: $asOf) {
      campaigns {
        id
        number
        name
        state
      }
    }
  }
`);

export const campaignEventsDocument = graphql(`
  subscription CampaignEvents($filter: EventFilter) {
    events(filter: $filter) {
      aggregateType
    }
  }
`);

export type CampaignRow = CampaignsQuery["campaigns"]["nodes"][number];
export type Campaign = NonNullable<CampaignQuery["campaign"]>;
export type PlannedTest = Campaign["tests"][number];
export type Run = NonNullable<CampaignRunsQuery["campaign"]>["runs"]["nodes"][number];

const pageSize = 50;

export const campaignsQuery = (filter: CampaignFilter, asOf: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["campaigns", filter, asOf ?? "now"],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(campaignsDocument, { first: pageSize, after: pageParam, filter, asOf: asOf ?? null }, signal))
        .campaigns,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

export const campaignQuery = (number: number, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["campaign", number, asOf ?? "now"],
    queryFn: async ({ signal }) =>
      (await execute(campaignDocument, { number, asOf: asOf ?? null }, signal)).campaign ?? null,
  });

export const runsQuery = (number: number, asOf: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["campaign", number, asOf ?? "now", "runs"],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(runsDocument, { number, first: pageSize, after: pageParam, asOf: asOf ?? null }, signal)).campaign
        ?.runs ?? null,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

export const campaignTimelineQuery = (number: number, asOf: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["campaign", number, asOf ?? "now", "timeline"],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(campaignTimelineDocument, { number, first: pageSize, after: pageParam, asOf: asOf ?? null }, signal))
        .campaign?.timeline ?? null,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

export const comparisonQuery = (first: string, second: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["campaign-comparison", first, second, asOf ?? "now"],
    queryFn: async ({ signal }) =>
      (await execute(comparisonDocument, { first, second, asOf: asOf ?? null }, signal)).compareCampaignRuns,
  });

export const testChoicesQuery = (search: string) =>
  queryOptions({
    queryKey: ["campaign-test-choices", search],
    queryFn: async ({ signal }) => (await execute(testChoicesDocument, { search }, signal)).tests.nodes,
    staleTime: 10_000,
  });

export const campaignsOfTestQuery = (id: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["campaigns-of-test", id, asOf ?? "now"],
    queryFn: async ({ signal }) =>
      (await execute(campaignsOfTestDocument, { id, asOf: asOf ?? null }, signal)).test?.campaigns ?? [],
    staleTime: 30_000,
  });
