/** What the jump box asks for. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { JumpQuery } from "@/gql/graphql";

const jumpDocument = graphql(`
  query Jump($search: String!, $number: Int!, $byNumber: Boolean!, $attackId: String!, $byId: Boolean!) {
    exact: technique(attackId: $attackId) @include(if: $byId) {
      attackId
      name
    }
    techniques(first: 200, filter: { search: $search, includeSubTechniques: true }) {
      nodes {
        attackId
        name
      }
    }
    tests(first: 20, filter: { search: $search }) @skip(if: $byNumber) {
      nodes {
        number
        title
        state
      }
    }
    test(number: $number) @include(if: $byNumber) {
      number
      title
      state
    }
    campaigns(first: 20, filter: { search: $search }) @skip(if: $byNumber) {
      nodes {
        number
        name
        state
      }
    }
    campaign(number: $number) @include(if: $byNumber) {
      number
      name
      state
    }
    remediations(first: 20, filter: { search: $search }) @skip(if: $byNumber) {
      nodes {
        number
        title
        state
      }
    }
    remediation(number: $number) @include(if: $byNumber) {
      number
      title
      state
    }
    testTemplates(first: 20, filter: { search: $search }) @skip(if: $byNumber) {
      nodes {
        id
        name
        attackId
      }
    }
  }
`);

/** What was found, a number or a search alike as lists. */
export interface Found {
  techniques: JumpQuery["techniques"]["nodes"];
  tests: NonNullable<JumpQuery["tests"]>["nodes"];
  campaigns: NonNullable<JumpQuery["campaigns"]>["nodes"];
  remediations: NonNullable<JumpQuery["remediations"]>["nodes"];
  templates: NonNullable<JumpQuery["testTemplates"]>["nodes"];
}

/** `#7` and `7` are numbers, of tests, campaigns and remediations; everything else is searched for. */
export const jumpQuery = (search: string) =>
  queryOptions({
    queryKey: ["jump", search],
    queryFn: async ({ signal }): Promise<Found> => {
      const digits = /^#?(\d{1,9})$/.exec(search)?.[1];
      const attackId = /^t\d{4}(\.\d{3})?$/i.test(search) ? search.toUpperCase() : undefined;
      const data = await execute(
        jumpDocument,
        {
          search,
          number: Number(digits ?? 0),
          byNumber: digits !== undefined,
          // Asked for by itself, because retired techniques are not among the others.
          attackId: attackId ?? "",
          byId: attackId !== undefined,
        },
        signal,
      );
      const { exact } = data;
      const techniques = data.techniques.nodes;
      const retired = exact && !techniques.some((technique) => technique.attackId === exact.attackId) ? [exact] : [];
      return {
        techniques: [...retired, ...techniques],
        tests: data.tests?.nodes ?? (data.test ? [data.test] : []),
        campaigns: data.campaigns?.nodes ?? (data.campaign ? [data.campaign] : []),
        remediations: data.remediations?.nodes ?? (data.remediation ? [data.remediation] : []),
        templates: data.testTemplates?.nodes ?? [],
      };
    },
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
