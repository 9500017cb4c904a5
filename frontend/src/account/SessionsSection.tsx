import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { accountService } from '../api/accountService';
import { Button } from '../components/ui/Button';
import { Failure } from './Failure';
import { accountKeys, sessionsQuery } from './queries';
import { Section } from './Section';
import { when } from './when';

/** The browsers that are signed in. */
export function SessionsSection() {
  const client = useQueryClient();
  const { data, error } = useQuery(sessionsQuery);
  const revoke = useMutation({
    mutationFn: accountService.revokeSession,
    onSettled: () => client.invalidateQueries({ queryKey: accountKeys.sessions }),
  });
  const everywhere = useMutation({
    mutationFn: accountService.signOutEverywhere,
    onSuccess: () => window.location.assign('/'),
  });
  return (
    <Section title="Sessions" hint="The browsers that are signed in. One that you end is out at once.">
      <Failure error={error ?? revoke.error ?? everywhere.error} />
      <ul className="space-y-2">
        {data?.items.map(({ id, user_agent, last_used_at }) => (
          <li key={id} className="flex items-center gap-3 rounded-xl border border-line px-3 py-2 text-sm">
            <span className="min-w-0 flex-1">
              <span className="block truncate">{user_agent ?? 'An unknown browser'}</span>
              <span className="text-muted">
                {id === data.current ? 'This browser' : `Last used ${when(last_used_at)}`}
              </span>
            </span>
            {id !== data.current && (
              <Button onClick={() => revoke.mutate(id)} disabled={revoke.isPending}>
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Button onClick={() => everywhere.mutate()} disabled={everywhere.isPending}>
        Sign out everywhere
      </Button>
    </Section>
  );
}
