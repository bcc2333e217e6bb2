import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSetting } from "@/api/command";
import { ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import type { MailPreference, NotificationKind } from "@/gql/graphql";
import { type Preferences as Chosen, preferencesQuery, setPreferencesDocument } from "./operations";
import { kindWords, mailWords } from "./words";

const mails = Object.keys(mailWords) as MailPreference[];

/** What one wants to be told, and how; each choice is kept as it is made. */
export function Preferences() {
  const queryClient = useQueryClient();
  const query = useQuery(preferencesQuery);
  const set = useSetting(setPreferencesDocument);
  if (query.isError) {
    return <ErrorNotice doing="Loading the settings" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={8} label="Loading the settings" />;
  const { kinds, hasMailAddress, mailConfigured } = query.data;
  const choose = async (kind: NotificationKind, change: { inApp?: boolean; mail?: MailPreference }) => {
    // Shown at once; what the server refuses comes back with the next answer.
    queryClient.setQueryData<Chosen>(preferencesQuery.queryKey, (before) =>
      before && { ...before, kinds: before.kinds.map((one) => (one.kind === kind ? { ...one, ...change } : one)) },
    );
    await set.submit({ preferences: [{ kind, ...change }] });
    await queryClient.invalidateQueries({ queryKey: preferencesQuery.queryKey });
  };
  return (
    <div className="form">
      {!mailConfigured ? (
        <p className="muted">This installation sends no mail; what is chosen for it holds once it does.</p>
      ) : (
        !hasMailAddress && (
          <p className="notice" role="note">
            <span>
              No mail comes until there is an address in your <Link to="/profile">profile</Link>.
            </span>
          </p>
        )
      )}
      <Refusals refusals={set.refusals} />
      <FailureNotice failure={set.failure} />
      <table className="table preferences">
        <caption className="visually-hidden">What you are told, and how</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Here</th>
            <th scope="col">By mail</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map(({ kind, inApp, mail }) => (
            <tr key={kind}>
              <th scope="row">{kindWords[kind]}</th>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Here: ${kindWords[kind]}`}
                  checked={inApp}
                  onChange={(event) => void choose(kind, { inApp: event.target.checked })}
                />
              </td>
              <td>
                <select
                  className="input"
                  aria-label={`By mail: ${kindWords[kind]}`}
                  value={mail}
                  onChange={(event) => void choose(kind, { mail: event.target.value as MailPreference })}
                >
                  {mails.map((value) => (
                    <option key={value} value={value}>
                      {mailWords[value]}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
