import { useMutation } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';

import { accountService } from '../api/accountService';
import { Button } from '../components/ui/Button';
import { text } from './CredentialsForm';
import { DoorPage } from './DoorPage';
import { Failure } from './Failure';
import { Field } from './Field';
import { secretOfLink } from './secret';

/** Sets a new password, with the link that an admin or the operator made. */
export default function ResetPage() {
  const reset = useMutation({
    mutationFn: (new_password: string) => accountService.reset({ token: secretOfLink(), new_password }),
  });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    reset.mutate(text(new FormData(event.currentTarget), 'password'));
  };
  return (
    <DoorPage title="Choose a new password">
      {reset.isSuccess ? (
        <p className="text-center text-sm">
          It is the new one now.{' '}
          <a href="/" className="text-accent underline">
            Sign in with it
          </a>
        </p>
      ) : (
        <form onSubmit={onSubmit} className="space-y-4">
          <Field
            label="New password"
            name="password"
            type="password"
            autoComplete="new-password"
            required
            minLength={10}
            maxLength={200}
            hint="At least 10 characters. Everything that is signed in is signed out, and API keys are revoked."
          />
          <Failure error={reset.error} />
          <Button look="primary" type="submit" className="w-full" disabled={reset.isPending}>
            Set the password
          </Button>
        </form>
      )}
    </DoorPage>
  );
}
