import { queryOptions } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";
import type { SystemStatusQuery, SystemWorkQuery } from "@/gql/graphql";

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

/** What the machine has to do for others. */
const systemWorkDocument = graphql(`
  query SystemWork($jobs: Int!) {
    jobs(first: $jobs) {
      nodes {
        state
      }
    }
    webhooks {
      active
      pendingDeliveries
      failedDeliveries
    }
    notificationPreferences {
      mailConfigured
    }
  }
`);

/** The newest jobs; what is queued or runs is among them. */
export const jobsLookedAt = 50;

export type Status = SystemStatusQuery["systemStatus"];
export type Release = NonNullable<SystemStatusQuery["attackRelease"]>;
export type Work = SystemWorkQuery;

export const systemStatusQuery = queryOptions({
  queryKey: ["system-status"],
  queryFn: async ({ signal }) => execute(systemStatusDocument, {}, signal),
  refetchInterval: 5_000,
});

export const systemWorkQuery = queryOptions({
  queryKey: ["system-work"],
  queryFn: async ({ signal }) => execute(systemWorkDocument, { jobs: jobsLookedAt }, signal),
  refetchInterval: 10_000,
});
