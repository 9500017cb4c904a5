import { useMutation } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';

import { accountService } from '../api/accountService';
import { Button } from '../components/ui/Button';
import { text } from './CredentialsForm';
import { Failure } from './Failure';
import { Field } from './Field';
import { Section } from './Section';

/** Deleting the account, with all that is in it. */
export function LeavingSection() {
  const remove = useMutation({ mutationFn: accountService.delete });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    remove.mutate(text(new FormData(event.currentTarget), 'password'));
  };
  if (remove.data) {
    const { conversations, messages, sessions, api_keys } = remove.data;
    return (
      <Section title="Your account is deleted">
        <p role="status" className="text-sm">
          With it went {conversations} conversations, {messages} messages, {sessions} sessions and {api_keys} API keys.
        </p>
        <Button onClick={() => window.location.assign('/')}>Close</Button>
      </Section>
    );
  }
  return (
    <Section title="Delete the account" hint="With all conversations, for good. Nobody can bring it back.">
      <form onSubmit={onSubmit} className="space-y-3">
        <Field label="Your password" name="password" type="password" autoComplete="current-password" required />
        <Failure error={remove.error} />
        <Button look="danger" type="submit" disabled={remove.isPending}>
          Delete my account
        </Button>
      </form>
    </Section>
  );
}
