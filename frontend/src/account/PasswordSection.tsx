import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';

import { accountService } from '../api/accountService';
import { Button } from '../components/ui/Button';
import { showToast } from '../components/ui/toasts';
import { text } from './CredentialsForm';
import { Failure } from './Failure';
import { Field } from './Field';
import { accountKeys } from './queries';
import { Section } from './Section';

/** Another password; it signs the other browsers out. */
export function PasswordSection() {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: accountService.changePassword,
    onSuccess: () => {
      showToast({ tone: 'plain', text: 'It is the new password now. Other browsers are signed out.' });
      return client.invalidateQueries({ queryKey: accountKeys.sessions });
    },
  });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    change.mutate(
      { current_password: text(data, 'current'), new_password: text(data, 'new') },
      { onSuccess: () => form.reset() },
    );
  };
  return (
    <Section title="Password">
      <form onSubmit={onSubmit} className="space-y-4">
        <div className="grid gap-4 md:grid-cols-2">
          <Field label="Current password" name="current" type="password" autoComplete="current-password" required />
          <Field
            label="New password"
            name="new"
            type="password"
            autoComplete="new-password"
            required
            minLength={10}
            maxLength={200}
          />
        </div>
        <Failure error={change.error} />
        <Button type="submit" disabled={change.isPending}>
          Change the password
        </Button>
      </form>
    </Section>
  );
}
