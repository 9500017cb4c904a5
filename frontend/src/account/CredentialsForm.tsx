import { useMutation } from '@tanstack/react-query';
import type { ReactNode, SubmitEvent } from 'react';

import type { Account } from '../api/types';
import { Button } from '../components/ui/Button';
import { Failure } from './Failure';
import { Field } from './Field';

interface Credentials {
  email: string;
  password: string;
}

interface CredentialsFormProps {
  action: string;
  /** Whether the password is chosen now, or known. */
  choosing: boolean;
  submit: (credentials: Credentials) => Promise<Account>;
  onDone: (account: Account) => void;
  email?: string;
  children?: ReactNode;
}

/** An e-mail address and a password, and what is done with them. */
export function CredentialsForm({ action, choosing, submit, onDone, email = '', children }: CredentialsFormProps) {
  const done = useMutation({ mutationFn: submit, onSuccess: onDone });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    done.mutate({ email: text(form, 'email'), password: text(form, 'password') });
  };
  return (
    <form onSubmit={onSubmit} className="space-y-4">
      <Field label="E-mail address" name="email" type="email" autoComplete="username" required defaultValue={email} />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete={choosing ? 'new-password' : 'current-password'}
        required
        {...(choosing && {
          minLength: 10,
          maxLength: 200,
          hint: 'At least 10 characters. A short sentence is a good one.',
        })}
      />
      <Failure error={done.error} />
      <Button look="primary" type="submit" className="w-full" disabled={done.isPending}>
        {action}
      </Button>
      {children}
    </form>
  );
}

/** A field of a form that holds text. */
export function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
