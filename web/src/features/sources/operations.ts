import { queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { DataSourceQuery, DataSourcesQuery } from "@/gql/graphql";

graphql(`
  fragment SourceParts on DataSource {
    source
    key
    title
    isAttack
    addresses
    everyHours
    enabled
    lastSuccessAt
    nextSyncAt
    release {
      digest
      version
      releasedAt
      position
      counts
    }
    lastJob {
      id
      title
      state
      done
      total
      current
      error
      rejectCount
      cancelRequested
      requestedAt
      startedAt
      finishedAt
    }
  }
`);

const sourcesDocument = graphql(`
  query DataSources {
    dataSources {
      ...SourceParts
    }
  }
`);

const sourceDocument = graphql(`
  query DataSource {
    dataSources {
      ...SourceParts
      releases {
        digest
        version
        releasedAt
        position
        inForce
      }
    }
  }
`);

export const syncSourceDocument = graphql(`
  mutation SyncDataSource($input: SyncDataSourceInput!) {
    syncDataSource(input: $input) {
      job {
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

export const syncAllDocument = graphql(`
  mutation SyncAllDataSources($input: SyncAllDataSourcesInput!) {
    syncAllDataSources(input: $input) {
      jobs {
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

export const configureSourceDocument = graphql(`
  mutation ConfigureDataSource($input: ConfigureDataSourceInput!) {
    configureDataSource(input: $input) {
      dataSource {
        key
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const applyKnowledgeDocument = graphql(`
  mutation ApplyKnowledge($input: ApplyKnowledgeInput!) {
    applyKnowledge(input: $input) {
      dataSource {
        key
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export const restoreKnowledgeDocument = graphql(`
  mutation RestoreKnowledge($input: RestoreKnowledgeInput!) {
    restoreKnowledge(input: $input) {
      dataSource {
        key
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`);

export type Source = DataSourcesQuery["dataSources"][number];
export type SourceInFull = DataSourceQuery["dataSources"][number];
export type Release = SourceInFull["releases"][number];

/** Everything about sources: a change of one may show in the list and on its page. */
export const sourcesKey = ["data-sources"];

export const sourcesQuery = queryOptions({
  queryKey: [...sourcesKey, "list"],
  queryFn: async ({ signal }) => (await execute(sourcesDocument, {}, signal)).dataSources,
});

/** Null where there is no source of that key. */
export const sourceQuery = (key: string) =>
  queryOptions({
    queryKey: [...sourcesKey, "one", key],
    queryFn: async ({ signal }) =>
      (await execute(sourceDocument, {}, signal)).dataSources.find((source) => source.key === key) ?? null,
  });
