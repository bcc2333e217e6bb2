import { queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { HeatmapQuery } from "@/gql/graphql";

const heatmapDocument = graphql(`
  query Heatmap($asOf: DateTime) {
    heatmap(layer: COVERAGE, asOf: $asOf) {
      release {
        version
        source
      }
      tactics {
        attackId
        shortName
        name
        coveredPercent
        coverage {
          total
        }
        cells {
          attackId
          name
          parentAttackId
          platforms
          status
          openWork
          tests
          validatedTests
          changedPosition
          changedAt
        }
      }
      position
      sealedAt
    }
  }
`);

export const matrixEventsDocument = graphql(`
  subscription MatrixEvents {
    events {
      position
      attackIds
      type
    }
  }
`);

export type Heatmap = HeatmapQuery["heatmap"];
export type Tactic = Heatmap["tactics"][number];
export type Cell = Tactic["cells"][number];

/** Every cell at once: filtering 887 of them is quicker here than another request. */
export const heatmapQuery = (asOf: string | undefined) =>
  queryOptions({
    queryKey: ["heatmap", asOf ?? "now"],
    queryFn: async ({ signal }) => (await execute(heatmapDocument, { asOf: asOf ?? null }, signal)).heatmap,
  });
