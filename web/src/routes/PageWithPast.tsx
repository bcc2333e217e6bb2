import type { ReactNode } from "react";
import { FootBar } from "@/components/FootBar";
import { useLedgerHead } from "@/features/instant/useLedgerHead";
import { useAsOf } from "./useAsOf";

/** A page whose content has a past: it scrolls above the bar that says which instant it shows. */
export function PageWithPast({ children }: { children: ReactNode }) {
  const { asOf, setAsOf } = useAsOf();
  const position = useLedgerHead(asOf);
  return (
    <>
      <main className="page" id="content" tabIndex={-1}>
        {children}
      </main>
      <FootBar asOf={asOf} position={position} onAsOf={setAsOf} />
    </>
  );
}
