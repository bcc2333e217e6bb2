import { queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";

const systemStatusDocument = graphql(`
  query SystemStatus {
    systemStatus {
      version
      ledgerPosition
      sealedAt
      unsequenced
      sealingStopped
      singleDatabaseRole
      projections {
        name
        position
        lag
        foldVersion
        error
      }
      checkpoint {
        size
        rootHash
        note
        createdAt
      }
    }
    attackRelease {
      version
      source
      releasedAt
      techniques
      subTechniques
      tactics
      cells
      threatActors
      software
      position
    }
  }
`);

export const systemStatusQuery = queryOptions({
  queryKey: ["system-status"],
  queryFn: async ({ signal }) => execute(systemStatusDocument, {}, signal),
  refetchInterval: 5_000,
});
