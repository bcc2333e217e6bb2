import { onlineManager } from "@tanstack/react-query";
import { afterEach, expect, it } from "vitest";
import { ApiError } from "./client";
import { createQueryClient } from "./queries";

afterEach(() => onlineManager.setOnline(true));

it("lets what is submitted without a network fail at once, instead of sending it later unasked", async () => {
  const client = createQueryClient();
  onlineManager.setOnline(false);
  const submission = client.getMutationCache().build(client, {
    mutationFn: () => Promise.reject(new ApiError("NETWORK", "The server could not be reached.")),
  });
  await expect(submission.execute(undefined)).rejects.toThrow("could not be reached");
});
