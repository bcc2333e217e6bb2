import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorCode, execute } from "@/api/client";
import { sessionQuery } from "@/api/session";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { explain } from "@/components/Notices";
import { signInDocument } from "./operations";

/** `onDone` runs once the new session is known. */
export function SignInForm({ onDone }: { onDone: () => void }) {
  const queryClient = useQueryClient();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    meta: { signIn: true },
    mutationFn: async () => {
      // Signing in is no command on the ledger, so it carries no command id.
      const { login } = await execute(signInDocument, { input: { username, password } });
      return login.userErrors;
    },
    onSuccess: async (refused) => {
      if (refused.length > 0) return;
      // Nothing that another account saw may show up under this one.
      queryClient.clear();
      await queryClient.fetchQuery(sessionQuery);
      onDone();
    },
  });
  const problem = signIn.isError
    ? errorCode(signIn.error) === "UNAUTHENTICATED"
      ? "Username or password is wrong."
      : explain(signIn.error)
    : signIn.data?.map((refusal) => refusal.message).join(" ");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate();
  };

  return (
    <form className="form" onSubmit={submit} aria-label="Sign in">
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
      {problem && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      <Button type="submit" variant="primary" busy={signIn.isPending}>
        Sign in
      </Button>
    </form>
  );
}
