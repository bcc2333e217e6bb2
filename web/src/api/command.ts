/** Mutations as commands: a command id per submission, and refused rules as values. */
import { useMutation } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import type { TypedDocumentString, UserErrorCode } from "@/gql/graphql";
import { ApiError, execute } from "./client";
import { newId } from "./ids";

export interface Refusal {
  field?: string | null;
  message: string;
  code: UserErrorCode;
}

interface Answer {
  userErrors: Refusal[];
}

type PayloadOf<Result> = Extract<Result[keyof Result], Answer>;

export interface Command<Input, Payload> {
  /** Resolves to the payload when the command was accepted, to null when it was refused or failed. */
  submit: (input: Omit<Input, "clientMutationId">) => Promise<Payload | null>;
  busy: boolean;
  /** What the rules refused, for showing beside the fields. */
  refusals: Refusal[];
  /** What went wrong on the way; the submission may be repeated as it is. */
  failure: ApiError | null;
  reset: () => void;
}

/**
 * Runs one mutation. The command id stays the same while the outcome of a submission is
 * unknown, so that trying again cannot do the same thing twice; any definite answer ends it.
 */
export function useCommand<Result, Input extends { clientMutationId?: unknown }>(
  document: TypedDocumentString<Result, { input: Input }>,
  meta?: Record<string, unknown>,
): Command<Input, PayloadOf<Result>> {
  return useSubmission(document, true, meta);
}

/** As `useCommand`, for what is not recorded in the ledger: nothing tells two submissions apart, and none needs to. */
export function useSetting<Result, Input>(
  document: TypedDocumentString<Result, { input: Input }>,
): Command<Input, PayloadOf<Result>> {
  return useSubmission(document, false);
}

function useSubmission<Result, Input>(
  document: TypedDocumentString<Result, { input: Input }>,
  recorded: boolean,
  meta?: Record<string, unknown>,
): Command<Input, PayloadOf<Result>> {
  const pending = useRef<{ content: string; id: string } | null>(null);
  const [refusals, setRefusals] = useState<Refusal[]>([]);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const { mutateAsync, isPending } = useMutation({
    mutationFn: (variables: { input: Input }) => execute(document, variables),
    ...(meta ? { meta } : {}),
  });

  const submit = useCallback(
    async (input: Omit<Input, "clientMutationId">) => {
      const content = JSON.stringify(input);
      if (pending.current?.content !== content) {
        pending.current = { content, id: newId() };
      }
      setRefusals([]);
      setFailure(null);
      try {
        const result = await mutateAsync({
          input: (recorded ? { ...input, clientMutationId: pending.current.id } : input) as Input,
        });
        pending.current = null;
        const payload = Object.values(result as object)[0] as PayloadOf<Result>;
        if (payload.userErrors.length > 0) {
          setRefusals(payload.userErrors.map((refusal) => ({ ...refusal, message: sentence(refusal.message) })));
          return null;
        }
        return payload;
      } catch (error) {
        const known = error instanceof ApiError ? error : new ApiError("INTERNAL", String(error));
        if (!known.outcomeUnknown) pending.current = null;
        setFailure(known);
        return null;
      }
    },
    [mutateAsync, recorded],
  );

  const reset = useCallback(() => {
    pending.current = null;
    setRefusals([]);
    setFailure(null);
  }, []);

  return { submit, busy: isPending, refusals, failure, reset };
}

/** The refusals that name this field, and those that name none of the given fields. */
export function refusalsFor(refusals: Refusal[], field: string): string | undefined {
  return refusals.find((refusal) => lastSegment(refusal.field) === field)?.message;
}

export function otherRefusals(refusals: Refusal[], fields: readonly string[]): Refusal[] {
  return refusals.filter((refusal) => !fields.includes(lastSegment(refusal.field)));
}

/** Rules are worded as phrases, to be composed; alone they stand as a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.?]$/.test(text) ? text : `${text}.`;
}

function lastSegment(field: string | null | undefined): string {
  return field?.split(".").at(-1) ?? "";
}
