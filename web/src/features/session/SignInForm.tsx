import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { ApiError, execute } from "@/api/client";
import { sessionQuery } from "@/api/session";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { explain } from "@/components/Notices";
import { forgetApplied } from "@/theme";
import { signInDocument } from "./operations";

/**
 * Asks for name and password, then for a code where the account has a second factor. `onDone` runs once the new
 * session is known.
 */
export function SignInForm({
  onDone,
  aside = false,
  children,
}: {
  onDone: () => void;
  /** Another way in is the one that most should take. */
  aside?: boolean;
  /** Other ways in; whoever is asked for a code has chosen already. */
  children?: ReactNode;
}) {
  const queryClient = useQueryClient();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [codeAsked, setCodeAsked] = useState(false);
  useEffect(forgetApplied, []);
  const signIn = useMutation({
    meta: { signIn: true },
    mutationFn: async () => {
      // Signing in is no command on the ledger, so it carries no command id.
      const input = { username, password, ...(codeAsked ? { code } : {}) };
      return (await execute(signInDocument, { input })).login;
    },
    onSuccess: async ({ secondFactorRequired, userErrors }) => {
      if (userErrors.length > 0) return;
      if (secondFactorRequired) {
        setCodeAsked(true);
        return;
      }
      // Nothing that another account saw may show up under this one.
      queryClient.clear();
      await queryClient.fetchQuery(sessionQuery);
      onDone();
    },
    // A code is good once, and one that was wrong is typed anew.
    onError: () => setCode(""),
  });
  const problem = signIn.isError
    ? wordsFor(signIn.error)
    : signIn.data?.userErrors.map((refusal) => refusal.message).join(" ");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate();
  };
  const back = () => {
    setCodeAsked(false);
    setCode("");
    setPassword("");
    signIn.reset();
  };

  return (
    <>
      {!codeAsked && children}
      <form className="form" onSubmit={submit} aria-label="Sign in">
        {codeAsked ? (
          <TextField
            key="code"
            label="Code"
            hint="Six digits from the authenticator app, or one of the recovery codes."
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            required
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        ) : (
          <>
            <TextField
              label="Username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              required
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
            <TextField
              label="Password"
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </>
        )}
        {problem && (
          <p className="form-problem" role="alert">
            {problem}
          </p>
        )}
        <Button type="submit" variant={aside && !codeAsked ? "default" : "primary"} busy={signIn.isPending}>
          {codeAsked ? "Confirm" : "Sign in"}
        </Button>
        {codeAsked && (
          <Button variant="quiet" onClick={back}>
            Sign in as somebody else
          </Button>
        )}
      </form>
    </>
  );
}

/** Nobody has a session yet that could have ended: the server says what was wrong. */
function wordsFor(error: unknown): string {
  return error instanceof ApiError && error.code === "UNAUTHENTICATED" ? error.message : explain(error);
}
