/** Sending a file as it is. XMLHttpRequest, because fetch cannot report how much has been sent. */
import { ApiError, guardHeaders, toApiError } from "./client";

export interface Upload {
  finished: Promise<string>;
  abort: () => void;
}

const interrupted = () => new ApiError("NETWORK", "The upload was interrupted. Nothing was saved.");
const cancelled = () => new ApiError("NETWORK", "The upload was cancelled. Nothing was saved.");

/** Sends a file to be taken in by a job; the id of the upload. */
export function upload(file: File, onProgress: (sent: number, total: number) => void): Upload {
  const request = new XMLHttpRequest();
  const finished = new Promise<string>((resolve, reject) => {
    request.open("POST", `/uploads?filename=${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(guardHeaders)) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
    request.onerror = () => reject(interrupted());
    request.onabort = () => reject(cancelled());
    request.onload = () => {
      const { uploadId } = answerOf(request);
      if (uploadId) resolve(uploadId);
      else reject(errorOf(request));
    };
    request.send(file);
  });
  return { finished, abort: () => request.abort() };
}

export interface Place {
  url: string;
  /** What must be sent with the bytes. */
  headers: readonly { name: string; value: string }[];
  /** On another server, which must get nothing that is only for ours. */
  foreign: boolean;
}

/** Puts a file where a link leads to. */
export function put(place: Place, file: File, onProgress: (sent: number) => void, signal: AbortSignal): Promise<void> {
  const request = new XMLHttpRequest();
  const stop = () => request.abort();
  signal.addEventListener("abort", stop);
  return new Promise<void>((resolve, reject) => {
    signal.throwIfAborted();
    request.open("PUT", place.url);
    if (!place.foreign) {
      for (const [name, value] of Object.entries(guardHeaders)) request.setRequestHeader(name, value);
      request.setRequestHeader("Content-Type", "application/octet-stream");
    }
    for (const { name, value } of place.headers) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onerror = () => reject(interrupted());
    request.onabort = () => reject(cancelled());
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(errorOf(request));
    };
    // Without a type of its own, so that no header is sent that was not signed.
    request.send(file.slice(0, file.size, ""));
  }).finally(() => signal.removeEventListener("abort", stop));
}

interface Answer {
  uploadId?: string;
  errors?: Parameters<typeof toApiError>[0];
}

function answerOf(request: XMLHttpRequest): Answer {
  try {
    return JSON.parse(request.responseText) as Answer;
  } catch {
    return {};
  }
}

function errorOf(request: XMLHttpRequest): ApiError {
  const { errors } = answerOf(request);
  return errors ? toApiError(errors) : new ApiError("INTERNAL", `The upload was refused with status ${request.status}.`);
}
