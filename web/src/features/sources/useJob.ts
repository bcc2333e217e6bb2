import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { isOpen, type Job, jobProgressDocument, jobQuery } from "@/api/jobs";
import { useLive } from "@/api/live";

/** A job as it goes on: told live, and looked at again in case the stream does not stand. */
export function useJob(id: string | undefined): UseQueryResult<Job | null> {
  const queryClient = useQueryClient();
  const query = useQuery({
    ...jobQuery(id ?? ""),
    enabled: id !== undefined,
    refetchInterval: (running) => (running.state.data && isOpen(running.state.data) ? 2_000 : false),
  });
  const open = query.data ? isOpen(query.data) : false;
  useLive(
    jobProgressDocument,
    { id: id ?? "" },
    {
      enabled: id !== undefined && open,
      onNext: ({ jobProgress }) => {
        queryClient.setQueryData(jobQuery(jobProgress.id).queryKey, jobProgress);
        // An import changes what every other page shows.
        if (!isOpen(jobProgress)) void queryClient.invalidateQueries();
      },
      onConnect: () => undefined,
    },
  );
  return query;
}
