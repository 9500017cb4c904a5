import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';

import { accountService } from '../api/accountService';
import type { Account } from '../api/types';
import { signIn } from '../app/signIn';
import { Logo } from '../components/ui/Logo';
import { CredentialsForm } from './CredentialsForm';
import { accountKeys, statusQuery } from './queries';

/** Stands over the page while somebody has to sign in; the page behind it stays as it is. */
export function SignInGate() {
  const required = useSyncExternalStore(signIn.subscribe, signIn.isRequired);
  return required ? <SignInDialog /> : null;
}

function SignInDialog() {
  const client = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const status = useQuery(statusQuery);
  const known = client.getQueryData<Account>(accountKeys.me);

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const onDone = (account: Account) => {
    if (known && known.id !== account.id) {
      // What the page holds is somebody else's.
      window.location.assign('/');
      return;
    }
    client.setQueryData(accountKeys.me, account);
    signIn.done();
  };

  return (
    <dialog
      ref={dialog}
      aria-labelledby="sign-in-title"
      onCancel={(event) => event.preventDefault()}
      className="m-auto w-[min(24rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-6 text-ink shadow-float backdrop:bg-canvas/85 backdrop:backdrop-blur-sm"
    >
      <Logo className="mx-auto mb-4 size-10 text-accent" />
      <h2 id="sign-in-title" className="mb-4 text-center font-display text-lg font-semibold">
        {known ? 'Sign in again' : 'Sign in to Recollect'}
      </h2>
      {status.data?.set_up === false ? (
        <p className="text-sm text-muted">
          Nobody has an account yet. Open the link that was printed when the portal was started; whoever runs it gets
          another one with <code>cargo xtask admin setup</code>.
        </p>
      ) : (
        <CredentialsForm
          action="Sign in"
          choosing={false}
          email={known?.email ?? ''}
          submit={accountService.signIn}
          onDone={onDone}
        >
          {known && (
            <p className="text-sm text-muted">
              You were signed out. What you wrote is still here, and is sent afterwards.
            </p>
          )}
          <p className="text-xs text-muted">
            Forgotten your password? No mail is sent: an admin of this portal can give you a link that sets a new one.
            It is good for an hour.
          </p>
          {status.data?.sign_up === 'open' && (
            <p className="text-sm">
              <a href="/register" className="text-accent underline">
                Make an account
              </a>
            </p>
          )}
        </CredentialsForm>
      )}
    </dialog>
  );
}
