/** Techniques to choose from while an id or a name is typed. */
import { queryOptions } from "@tanstack/react-query";
import { graphql } from "@/gql";
import { execute } from "./client";

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

export const techniqueChoicesQuery = (search: string) =>
  queryOptions({
    queryKey: ["technique-choices", search],
    queryFn: async ({ signal }) => (await execute(techniqueChoicesDocument, { search }, signal)).techniques.nodes,
    enabled: search.trim().length > 1,
    staleTime: 60_000,
  });
