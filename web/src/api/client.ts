/** One request to the GraphQL endpoint, and the errors it can end in. */
import type { TypedDocumentString } from "@/gql/graphql";

export type ErrorCode =
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "PASSWORD_CHANGE_REQUIRED"
  | "SECOND_FACTOR_REQUIRED"
  | "RATE_LIMITED"
  | "LIMIT_EXCEEDED"
  | "READ_MODELS_BEHIND"
  | "INTERNAL"
  | "NETWORK";

export class ApiError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = "ApiError";
    this.code = code;
  }

  /** Whether nothing is known about what the server did with the request. */
  get outcomeUnknown(): boolean {
    return this.code === "NETWORK" || this.code === "INTERNAL";
  }
}

export function errorCode(error: unknown): ErrorCode {
  return error instanceof ApiError ? error.code : "INTERNAL";
}

/** The header a foreign site cannot set without being asked first; the server refuses requests without it. */
export const guardHeaders = { "Aegis-Request": "1" };

const codes: ReadonlySet<string> = new Set<ErrorCode>([
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "PASSWORD_CHANGE_REQUIRED",
  "SECOND_FACTOR_REQUIRED",
  "RATE_LIMITED",
  "LIMIT_EXCEEDED",
  "READ_MODELS_BEHIND",
  "INTERNAL",
]);

interface GraphQLAnswer {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: unknown } }[];
}

export function toApiError(errors: readonly { message: string; extensions?: { code?: unknown } }[]): ApiError {
  const first = errors[0];
  const code = first?.extensions?.code;
  return new ApiError(
    typeof code === "string" && codes.has(code) ? (code as ErrorCode) : "INTERNAL",
    first?.message ?? "The server answered with an unnamed error.",
  );
}

/** Sends one operation and returns its data, or throws an `ApiError`. */
export async function execute<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  let response: Response;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      credentials: "same-origin",
      headers: {
        ...guardHeaders,
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json, application/json",
      },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError("NETWORK", "The server could not be reached.");
  }
  let answer: GraphQLAnswer;
  try {
    answer = (await response.json()) as GraphQLAnswer;
  } catch {
    if (signal?.aborted) throw signal.reason;
    throw new ApiError("INTERNAL", `The server answered ${response.status} without a readable body.`);
  }
  if (answer.errors?.length) throw toApiError(answer.errors);
  if (answer.data == null) throw new ApiError("INTERNAL", "The server answered without data.");
  return answer.data as Result;
}
