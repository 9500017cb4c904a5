import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';

import { accountService } from '../api/accountService';
import { Button } from '../components/ui/Button';
import { text } from './CredentialsForm';
import { Failure } from './Failure';
import { Field } from './Field';
import { accountKeys, invitationsQuery } from './queries';
import { linkWith } from './secret';
import { Section } from './Section';
import { ShownOnce } from './ShownOnce';
import { when } from './when';

/** Letting people in, and back in: for admins. */
export function PeopleSection() {
  const client = useQueryClient();
  const { data, error } = useQuery(invitationsQuery);
  const changed = () => client.invalidateQueries({ queryKey: accountKeys.invitations });
  const invite = useMutation({ mutationFn: accountService.invite, onSuccess: changed });
  const revoke = useMutation({ mutationFn: accountService.revokeInvitation, onSettled: changed });
  const reset = useMutation({ mutationFn: accountService.createResetLink });
  const onInvite = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = text(form, 'email').trim();
    invite.mutate({ ...(email && { email }), role: form.has('admin') ? 'admin' : 'user' });
  };
  const onReset = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    reset.mutate(text(new FormData(event.currentTarget), 'email'));
  };
  return (
    <>
      <Section
        title="Invitations"
        hint="No mail is sent: hand the link over yourself. It is good once, for seven days."
      >
        <Failure error={error ?? invite.error ?? revoke.error} />
        {invite.data && (
          <ShownOnce label="The invitation. It is shown this once." secret={linkWith('/register', invite.data.token)} />
        )}
        <ul className="space-y-2">
          {data?.items.map(({ id, email, role, expires_at }) => (
            <li key={id} className="flex items-center gap-3 rounded-xl border border-line px-3 py-2 text-sm">
              <span className="min-w-0 flex-1">
                <span className="block truncate">{email ?? 'Whoever has the link'}</span>
                <span className="text-muted">
                  {role} · until {when(expires_at)}
                </span>
              </span>
              <Button
                aria-label={`Take back the invitation of ${email ?? 'whoever has the link'}`}
                onClick={() => revoke.mutate(id)}
                disabled={revoke.isPending}
              >
                Take back
              </Button>
            </li>
          ))}
        </ul>
        <form onSubmit={onInvite} className="space-y-3">
          <Field
            label="E-mail address (optional)"
            name="email"
            type="email"
            hint="Then the link is for this address alone."
          />
          <label className="flex items-center gap-2 text-sm">
            <input type="checkbox" name="admin" /> as an admin
          </label>
          <Button type="submit" disabled={invite.isPending}>
            Invite
          </Button>
        </form>
      </Section>
      <Section title="Forgotten passwords" hint="A link that sets a new password, good once, for an hour.">
        <Failure error={reset.error} />
        {reset.data && (
          <ShownOnce label="The link. It is shown this once." secret={linkWith('/reset', reset.data.token)} />
        )}
        <form onSubmit={onReset} className="space-y-3">
          <Field label="E-mail address of the account" name="email" type="email" required />
          <Button type="submit" disabled={reset.isPending}>
            Make a link
          </Button>
        </form>
      </Section>
    </>
  );
}
