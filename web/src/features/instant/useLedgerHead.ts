import { useQuery } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { graphql } from "@/gql";

const ledgerHeadDocument = graphql(`
  query LedgerHead($asOf: DateTime) {
    heatmap(asOf: $asOf) {
      position
      sealedAt
    }
  }
`);

/** The ledger position that stands for the instant a page shows. */
export function useLedgerHead(asOf: string | undefined) {
  return useQuery({
    queryKey: ["ledger-head", asOf ?? "now"],
    queryFn: async ({ signal }) => (await execute(ledgerHeadDocument, { asOf: asOf ?? null }, signal)).heatmap,
    staleTime: 2_000,
  }).data;
}
