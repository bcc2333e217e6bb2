import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { AuditLogQuery, ThingQuery } from "@/gql/graphql";
import { filterOf } from "./filter";
import type { AuditSearch } from "./search";

graphql(`
  fragment EntryParts on AuditEntry {
    id
    at
    source
    action
    outcome
    summary
    entityType
    entityId
    entity
    actor {
      id
      name
    }
    address
    correlation
    position
    keyId
    detail
    nameHash
  }
`);

const auditLogDocument = graphql(`
  query AuditLog($first: Int!, $after: String, $filter: AuditFilterInput) {
    auditLog(first: $first, after: $after, filter: $filter) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...EntryParts
      }
    }
  }
`);

const accountTimelineDocument = graphql(`
  query AccountTimeline($id: ID!, $first: Int!, $after: String) {
    accountTimeline(id: $id, first: $first, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...EntryParts
      }
    }
  }
`);

/** What an entry is about, as far as it has a page. */
const thingDocument = graphql(`
  query Thing($id: ID!) {
    node(id: $id) {
      __typename
      ... on Test {
        number
        title
      }
      ... on Campaign {
        number
        name
      }
      ... on Remediation {
        number
        title
      }
      ... on TestTemplate {
        id
        name
      }
      ... on User {
        id
        username
        displayName
        erased
        service
      }
      ... on Job {
        title
      }
    }
  }
`);

/** Accounts of programs, which are not among the people. */
const programsDocument = graphql(`
  query Programs {
    serviceAccounts(first: 100) {
      nodes {
        id
        name
      }
    }
  }
`);

export type Entry = AuditLogQuery["auditLog"]["nodes"][number];
export type Thing = NonNullable<ThingQuery["node"]>;

const nextOf = (page: { pageInfo: { hasNextPage: boolean; endCursor?: string | null } }) =>
  page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;

export const auditLogQuery = (search: AuditSearch) => {
  const filter = filterOf(search);
  return infiniteQueryOptions({
    queryKey: ["audit", "log", filter],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(auditLogDocument, { first: 50, after: pageParam, filter }, signal)).auditLog,
    initialPageParam: null as string | null,
    getNextPageParam: nextOf,
  });
};

/** Everything an account did and everything done to it; `first` at a time. */
export const accountTimelineQuery = (id: string, first: number) =>
  infiniteQueryOptions({
    queryKey: ["audit", "account", id, first],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(accountTimelineDocument, { id, first, after: pageParam }, signal)).accountTimeline,
    initialPageParam: null as string | null,
    getNextPageParam: nextOf,
  });

export const programsQuery = queryOptions({
  queryKey: ["audit", "programs"],
  queryFn: async ({ signal }) => (await execute(programsDocument, {}, signal)).serviceAccounts.nodes,
  staleTime: 60_000,
});

export const thingQuery = (id: string) =>
  queryOptions({
    queryKey: ["audit", "thing", id],
    queryFn: async ({ signal }) => (await execute(thingDocument, { id }, signal)).node ?? null,
    staleTime: 60_000,
  });
