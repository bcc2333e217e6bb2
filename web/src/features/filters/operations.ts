import { queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { SavedFiltersQuery } from "@/gql/graphql";

const savedFiltersDocument = graphql(`
  query SavedFilters {
    savedFilters {
      id
      page
      name
      query
    }
  }
`);

export const saveFilterDocument = graphql(`
  mutation SaveFilter($input: SaveFilterInput!) {
    saveFilter(input: $input) {
      filter {
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

export const deleteSavedFilterDocument = graphql(`
  mutation DeleteSavedFilter($input: DeleteSavedFilterInput!) {
    deleteSavedFilter(input: $input) {
      filters {
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

export type SavedFilter = SavedFiltersQuery["savedFilters"][number];

export const savedFiltersQuery = queryOptions({
  queryKey: ["saved-filters"],
  queryFn: async ({ signal }) => (await execute(savedFiltersDocument, {}, signal)).savedFilters,
  staleTime: 60_000,
});
