import { queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { TechniqueQuery } from "@/gql/graphql";

const techniqueDocument = graphql(`
  query Technique($attackId: String!, $asOf: DateTime) {
    technique(attackId: $attackId, asOf: $asOf) {
      id
      attackId
      name
      description
      isSubTechnique
      platforms
      url
      lifecycle
      parent {
        attackId
        name
      }
      successor {
        attackId
        name
      }
      tactics {
        attackId
        shortName
        name
      }
      subTechniques {
        attackId
        name
        coverage {
          status
        }
      }
      coverage {
        status
        openWork
        tests
        validatedTests
        detectedTests
        partiallyDetectedTests
        notDetectedTests
        openTests
        ruleVersion
        changedPosition
        changedAt
      }
      tests(first: 50) {
        totalCount
        totalIsExact
        nodes {
          id
          number
          title
          state
          detectionResult
          updatedAt
        }
      }
      threatActors {
        attackId
        name
        url
      }
      software {
        attackId
        name
        kind
      }
    }
  }
`);

export const techniqueEventsDocument = graphql(`
  subscription TechniqueEvents {
    events {
      attackIds
    }
  }
`);

export type Technique = NonNullable<TechniqueQuery["technique"]>;

export const techniqueQuery = (attackId: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["technique", attackId, asOf ?? "now"],
    queryFn: async ({ signal }) =>
      (await execute(techniqueDocument, { attackId, asOf: asOf ?? null }, signal)).technique ?? null,
  });
