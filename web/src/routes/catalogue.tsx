import { useNavigate, useSearch } from "@tanstack/react-router";
import { usePageTitle } from "@/components/usePageTitle";
import { CataloguePage } from "@/features/catalogue/CataloguePage";
import { type CatalogueSearch, catalogueSearchKeys } from "@/features/catalogue/search";
import { SavedFilters } from "@/features/filters/SavedFilters";
import { PageWithPast } from "./PageWithPast";
import { useAsOf } from "./useAsOf";

export function CatalogueRoute() {
  usePageTitle("Test catalogue");
  const search = useSearch({ from: "/app/catalogue" });
  const navigate = useNavigate();
  const { asOf } = useAsOf();
  const change = (next: CatalogueSearch) =>
    void navigate({ to: "/catalogue", search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <PageWithPast>
      <CataloguePage
        search={search}
        asOf={asOf}
        onSearch={change}
        onDrafted={(number) => void navigate({ to: "/tests/$number", params: { number: String(number) } })}
        views={<SavedFilters page="/catalogue" keys={catalogueSearchKeys} search={{ ...search, template: "" }} onSearch={change} />}
      />
    </PageWithPast>
  );
}
