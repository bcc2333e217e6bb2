import { useQuery } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { ledgerHeadKey } from "@/api/queries";
import { graphql } from "@/gql";

const ledgerHeadDocument = graphql(`
  query LedgerHead($asOf: DateTime) {
    tests(first: 1, asOf: $asOf) {
      position
    }
  }
`);

/** The ledger position that stands for the instant a page shows, from the lightest read that names it. */
export function useLedgerHead(asOf: string | undefined) {
  return useQuery({
    queryKey: [...ledgerHeadKey, asOf ?? "now"],
    queryFn: async ({ signal }) => (await execute(ledgerHeadDocument, { asOf: asOf ?? null }, signal)).tests.position,
    staleTime: 2_000,
  }).data;
}
