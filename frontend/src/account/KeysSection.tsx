import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';

import { accountService } from '../api/accountService';
import type { Scope } from '../api/types';
import { Button } from '../components/ui/Button';
import { text } from './CredentialsForm';
import { Failure } from './Failure';
import { Field } from './Field';
import { accountKeys, keysQuery } from './queries';
import { Section } from './Section';
import { ShownOnce } from './ShownOnce';
import { when } from './when';

const SCOPES: readonly { scope: Scope; means: string }[] = [
  { scope: 'read', means: 'read what is yours' },
  { scope: 'chat', means: 'change things and say something in your name' },
];

/** The keys of programs. */
export function KeysSection({ admin }: { admin: boolean }) {
  const client = useQueryClient();
  const { data, error } = useQuery(keysQuery);
  const changed = () => client.invalidateQueries({ queryKey: accountKeys.keys });
  const create = useMutation({ mutationFn: accountService.createKey, onSuccess: changed });
  const revoke = useMutation({ mutationFn: accountService.revokeKey, onSettled: changed });
  const scopes = admin ? [...SCOPES, { scope: 'admin' as const, means: 'do what admins do' }] : SCOPES;
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const chosen = scopes.map(({ scope }) => scope).filter((scope) => data.has(scope));
    create.mutate({ name: text(data, 'name'), scopes: chosen }, { onSuccess: () => form.reset() });
  };
  return (
    <Section title="API keys" hint="For programs that act in your name. A key that you revoke is out at once.">
      <Failure error={error ?? create.error ?? revoke.error} />
      {create.data && <ShownOnce label="Your new key. It is shown this once." secret={create.data.key} />}
      <ul className="space-y-2">
        {data?.items.map(({ id, name, scopes: good, last_used_at }) => (
          <li key={id} className="flex items-center gap-3 rounded-xl border border-line px-3 py-2 text-sm">
            <span className="min-w-0 flex-1">
              <span className="block truncate">{name}</span>
              <span className="text-muted">
                {good.join(', ')} · {last_used_at ? `last used ${when(last_used_at)}` : 'never used'}
              </span>
            </span>
            <Button aria-label={`Revoke ${name}`} onClick={() => revoke.mutate(id)} disabled={revoke.isPending}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      <form onSubmit={onSubmit} className="space-y-3">
        <Field label="Name of a new key" name="name" required maxLength={100} placeholder="laptop" />
        <fieldset className="space-y-1 text-sm">
          <legend className="font-medium">It may</legend>
          {scopes.map(({ scope, means }) => (
            <label key={scope} className="flex items-center gap-2">
              <input type="checkbox" name={scope} defaultChecked={scope !== 'admin'} /> {means}
            </label>
          ))}
        </fieldset>
        <Button type="submit" disabled={create.isPending}>
          Make a key
        </Button>
      </form>
    </Section>
  );
}
