/** Whom something can be given to, or who can be mentioned. */
import { queryOptions } from "@tanstack/react-query";
import { graphql } from "@/gql";
import type { PeopleQuery } from "@/gql/graphql";
import { execute } from "./client";

const peopleDocument = graphql(`
  query People {
    people {
      id
      name
      username
      role
    }
  }
`);

export type KnownPerson = PeopleQuery["people"][number];

export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: async ({ signal }) => (await execute(peopleDocument, {}, signal)).people,
  staleTime: 60_000,
});
