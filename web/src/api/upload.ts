/** Sending a file as it is. XMLHttpRequest, because fetch cannot report how much has been sent. */
import { ApiError, guardHeaders, toApiError } from "./client";

export interface Upload {
  finished: Promise<string>;
  abort: () => void;
}

export function upload(file: File, onProgress: (sent: number, total: number) => void): Upload {
  const request = new XMLHttpRequest();
  const finished = new Promise<string>((resolve, reject) => {
    request.open("POST", `/uploads?filename=${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(guardHeaders)) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
    request.onerror = () => reject(new ApiError("NETWORK", "The upload was interrupted. Nothing was saved."));
    request.onabort = () => reject(new ApiError("NETWORK", "The upload was cancelled. Nothing was saved."));
    request.onload = () => {
      try {
        const answer = JSON.parse(request.responseText) as {
          uploadId?: string;
          errors?: Parameters<typeof toApiError>[0];
        };
        if (answer.uploadId) resolve(answer.uploadId);
        else if (answer.errors) reject(toApiError(answer.errors));
        else throw new Error("neither id nor errors");
      } catch {
        reject(new ApiError("INTERNAL", `The upload was refused with status ${request.status}.`));
      }
    };
    request.send(file);
  });
  return { finished, abort: () => request.abort() };
}
