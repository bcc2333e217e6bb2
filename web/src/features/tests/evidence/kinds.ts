/** The files that are taken in, and what is said of those that are not: in the server's words. Pure. */
import { sentence } from "@/api/command";

/** Ends of names, in the order the server lists them. */
export const extensions = [
  "png",
  "jpg",
  "jpeg",
  "gif",
  "webp",
  "bmp",
  "pdf",
  "txt",
  "log",
  "csv",
  "json",
  "xml",
  "zip",
  "pcap",
  "pcapng",
  "evtx",
  "docx",
  "xlsx",
] as const;

/** For the file chooser. */
export const accepted = extensions.map((extension) => `.${extension}`).join(",");

/** 50 MB, counted as 50 x 1,048,576. */
export const limitBytes = 52_428_800;
/** Files of a side of a round, those taken out not counted. */
export const limitFiles = 50;

const extensionOf = (name: string) => /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? "";

/** Why a file would be refused, or null. Whether its content is what its name says, only the server looks. */
export function refusalOf(file: { name: string; size: number }): string | null {
  if (!(extensions as readonly string[]).includes(extensionOf(file.name))) {
    return sentence(`'${file.name}' is of no kind that is taken in; these are: ${extensions.join(", ")}`);
  }
  if (file.size === 0) return sentence("the file is empty");
  if (file.size > limitBytes) {
    return sentence(`the file has ${file.size} bytes; at most ${limitBytes} are allowed (50 MB)`);
  }
  return null;
}

export type Preview = "image" | "text" | "csv" | "json";

/** How a file can be looked at in the page; null for those that are only handed out. */
export function previewOf(mediaType: string): Preview | null {
  if (mediaType.startsWith("image/")) return "image";
  if (mediaType === "text/csv") return "csv";
  if (mediaType === "application/json") return "json";
  return mediaType.startsWith("text/") || mediaType === "application/xml" ? "text" : null;
}

/** Larger pictures get an icon in the list: a page full of thumbnails must not fetch hundreds of megabytes. */
const thumbnailBytes = 5 * 1024 * 1024;

export function hasThumbnail(file: { mediaType: string; sizeBytes: number }): boolean {
  return previewOf(file.mediaType) === "image" && file.sizeBytes <= thumbnailBytes;
}

/** `2.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** What a pasted picture is called: browsers name all of them alike. */
export function pastedName(file: { name: string; type: string }, now: Date): string {
  if (!/^image\.\w+$/.test(file.name)) return file.name;
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  const clock = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("");
  return `screenshot-${day}-${clock}.${extensionOf(file.name)}`;
}
