import { useQuery } from "@tanstack/react-query";
import { signInOptionsQuery } from "./operations";

/** Why somebody was sent back who came from the provider. */
const refusedWords: Record<string, string> = {
  state: "The way back took too long or was begun in another window. Try again.",
  refused: "The provider let nobody in. Try again, or ask who runs it.",
  identity: "What the provider said could not be verified. Tell an admin.",
  no_role: "You are in none of the groups that may use Aegis. Ask an admin.",
  closed: "Your account is deactivated. Ask an admin.",
  unavailable: "The provider does not answer. Try again later, or tell an admin.",
};

/** The way in by the identity provider, where one is set up. */
export function SingleSignOn({ next, refused }: { next: string | undefined; refused: string | undefined }) {
  const options = useQuery(signInOptionsQuery).data;
  const provider = options?.singleSignOn;
  return (
    <>
      {refused && (
        <p className="form-problem" role="alert">
          {refusedWords[refused] ?? "Single sign-on did not work. Try again."}
        </p>
      )}
      {provider && (
        <>
          <a
            className={options.passwords ? "button" : "button button-primary"}
            href={next ? `${provider.startUrl}?next=${encodeURIComponent(next)}` : provider.startUrl}
          >
            Sign in with {provider.name}
          </a>
          <p className="muted gate-or">{options.passwords ? "or with a password" : "Only admins use a password:"}</p>
        </>
      )}
    </>
  );
}
