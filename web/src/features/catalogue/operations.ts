import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { TestTemplateFilter, TestTemplateQuery, TestTemplatesQuery, TestTemplateStatsQuery } from "@/gql/graphql";

const templatesDocument = graphql(`
  query TestTemplates($first: Int!, $after: String, $filter: TestTemplateFilter, $asOf: DateTime) {
    testTemplates(first: $first, after: $after, filter: $filter, asOf: $asOf) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        attackId
        technique {
          attackId
          name
        }
        source
        severity
        platforms
        executor
        active
        retired
        uses
        arguments {
          name
          default
        }
      }
    }
  }
`);

const templateDocument = graphql(`
  query TestTemplate($id: ID!, $asOf: DateTime) {
    testTemplate(id: $id, asOf: $asOf) {
      id
      name
      description
      attackId
      technique {
        attackId
        name
      }
      source
      sourceKey
      severity
      platforms
      executor
      tool
      procedure
      cleanup
      prerequisites
      expectedDetection
      references
      tags
      arguments {
        name
        description
        kind
        default
      }
      active
      retired
      retiredReason
      uses
      contentVersion
      version
      createdAt
      createdBy {
        name
      }
      updatedAt
    }
  }
`);

const statsDocument = graphql(`
  query TestTemplateStats($asOf: DateTime) {
    testTemplateStats(asOf: $asOf) {
      templates
      active
      uses
      bySource {
        key
        templates
      }
      byPlatform {
        key
        templates
      }
    }
  }
`);

export type TemplateRow = TestTemplatesQuery["testTemplates"]["nodes"][number];
export type Template = NonNullable<TestTemplateQuery["testTemplate"]>;
export type Stats = TestTemplateStatsQuery["testTemplateStats"];

const pageSize = 50;

export const templatesQuery = (filter: TestTemplateFilter, asOf: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["templates", filter, asOf ?? "now"],
    queryFn: async ({ pageParam, signal }) =>
      (await execute(templatesDocument, { first: pageSize, after: pageParam, filter, asOf: asOf ?? null }, signal))
        .testTemplates,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });

export const templateQuery = (id: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["template", id, asOf ?? "now"],
    queryFn: async ({ signal }) =>
      (await execute(templateDocument, { id, asOf: asOf ?? null }, signal)).testTemplate ?? null,
  });

export const templateStatsQuery = (asOf: string | undefined) =>
  queryOptions({
    queryKey: ["templates", "stats", asOf ?? "now"],
    queryFn: async ({ signal }) => (await execute(statsDocument, { asOf: asOf ?? null }, signal)).testTemplateStats,
  });
