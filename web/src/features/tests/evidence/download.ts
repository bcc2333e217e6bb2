import { explain } from "@/components/Notices";
import { type Evidence, freshLink } from "./operations";

/** Has the browser fetch a file; why it cannot, or null. */
export async function download(file: Pick<Evidence, "id" | "fileName">): Promise<string | null> {
  try {
    const link = await freshLink(file.id);
    if (link === null) return "It was taken out, so there is nothing to fetch.";
    const anchor = document.createElement("a");
    anchor.href = link;
    anchor.download = file.fileName;
    anchor.click();
    return null;
  } catch (error) {
    return explain(error);
  }
}
