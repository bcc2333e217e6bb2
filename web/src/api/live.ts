/** Live updates: GraphQL subscriptions over server-sent events, one connection each. */
import { useQueryClient } from "@tanstack/react-query";
import { createClient } from "graphql-sse";
import { useEffect, useRef, useState } from "react";
import type { TypedDocumentString } from "@/gql/graphql";
import { guardHeaders } from "./client";
import { sessionKey } from "./queries";

const longestPauseMs = 15_000;
/** Browsers allow six connections to a server over HTTP/1.1, so a hidden tab gives its own back. */
const hiddenGraceMs = 30_000;

const client = createClient({
  url: "/graphql",
  credentials: "same-origin",
  headers: guardHeaders,
  retryAttempts: Number.POSITIVE_INFINITY,
  retry: (retries) => {
    const pause = Math.min(longestPauseMs, 500 * 2 ** Math.min(retries, 6));
    return new Promise((resolve) => setTimeout(resolve, pause + Math.random() * 300));
  },
});

export type LiveState = "connecting" | "live" | "offline";

interface Options<Result> {
  enabled: boolean;
  onNext: (result: Result) => void;
  /**
   * The stream stands, for the first time or again. What happened before it stood was not
   * sent, so a page fetches once more here.
   */
  onConnect: () => void;
}

/** Keeps one subscription open while the component is shown and the tab is visible. */
export function useLive<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  options: Options<Result>,
): LiveState {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const visible = useVisible();
  const query = document.toString();
  const key = JSON.stringify(variables);
  const enabled = options.enabled && visible;
  const [state, setState] = useState<LiveState>("connecting");
  const queryClient = useQueryClient();

  useEffect(() => {
    if (!enabled) return;
    let disposed = false;
    let restart: ReturnType<typeof setTimeout> | undefined;
    let dispose: () => void = () => undefined;

    const offline = () => {
      setState("offline");
      // A stream that is refused says nothing readable; the session query tells whether it has ended.
      void queryClient.invalidateQueries({ queryKey: sessionKey });
    };
    const lost = () => {
      if (disposed) return;
      offline();
      // The server ends streams at restarts and when a session is revoked.
      restart = setTimeout(open, longestPauseMs / 5);
    };
    const open = () => {
      dispose = client.subscribe<Result>(
        { query, variables: JSON.parse(key) as Record<string, unknown> },
        {
          next: (answer) => {
            if (answer.data) latest.current.onNext(answer.data);
          },
          error: lost,
          complete: lost,
        },
        {
          connecting: (retrying) => {
            if (retrying && !disposed) offline();
          },
          connected: () => {
            if (disposed) return;
            setState("live");
            latest.current.onConnect();
          },
        },
      );
    };
    open();
    return () => {
      disposed = true;
      clearTimeout(restart);
      dispose();
    };
  }, [enabled, query, key, queryClient]);

  return enabled ? state : "connecting";
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    let grace: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      clearTimeout(grace);
      if (document.hidden) grace = setTimeout(() => setVisible(false), hiddenGraceMs);
      else setVisible(true);
    };
    document.addEventListener("visibilitychange", changed);
    return () => {
      clearTimeout(grace);
      document.removeEventListener("visibilitychange", changed);
    };
  }, []);
  return visible;
}

/**
 * Turns a burst of calls into few: the first waits `settleMs` for its companions, the next
 * ones keep `restMs` apart, and none starts while the one before it still runs.
 */
export function useCalm(work: () => Promise<unknown>, settleMs = 150, restMs = 400): () => void {
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  const [calm] = useState(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let running = false;
    let again = false;
    const run = () => {
      timer = undefined;
      running = true;
      void latest.current().finally(() => {
        running = false;
        if (again) {
          again = false;
          timer = setTimeout(run, restMs);
        }
      });
    };
    return {
      ask: () => {
        if (running) again = true;
        else timer ??= setTimeout(run, settleMs);
      },
      stop: () => clearTimeout(timer),
    };
  });
  useEffect(() => calm.stop, [calm]);
  return calm.ask;
}
