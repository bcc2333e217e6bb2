import { useMutation, useQueryClient } from "@tanstack/react-query";
import { execute } from "@/api/client";
import { sessionKey } from "@/api/queries";
import { signOutDocument } from "./operations";

export function useSignOut(onDone: () => void): () => void {
  const queryClient = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: () => execute(signOutDocument, {}),
    onSuccess: () => {
      queryClient.clear();
      queryClient.setQueryData(sessionKey, null);
      onDone();
    },
  });
  return mutate;
}
