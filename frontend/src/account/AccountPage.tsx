import { useMutation, useQuery } from '@tanstack/react-query';

import { accountService } from '../api/accountService';
import { Button } from '../components/ui/Button';
import { PageHeader } from '../layout/PageHeader';
import { Failure } from './Failure';
import { KeysSection } from './KeysSection';
import { LeavingSection } from './LeavingSection';
import { PasswordSection } from './PasswordSection';
import { PeopleSection } from './PeopleSection';
import { accountQuery } from './queries';
import { SessionsSection } from './SessionsSection';
import { SettingsSection } from './SettingsSection';

/** What a person can change about themselves, and an admin about who is let in. */
export default function AccountPage() {
  const { data: account, error } = useQuery(accountQuery);
  const leave = useMutation({ mutationFn: accountService.signOut, onSettled: () => window.location.assign('/') });
  return (
    <>
      <title>Account · Recollect</title>
      <PageHeader>
        <h1 className="min-w-0 flex-1 truncate font-display font-semibold">Account</h1>
        <Button onClick={() => leave.mutate()} disabled={leave.isPending}>
          Sign out
        </Button>
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-2xl px-4 pb-10 md:px-6">
          <Failure error={error} />
          {account && (
            <>
              <p className="pt-6 text-sm text-muted">
                Signed in as <span className="font-medium text-ink">{account.email}</span>
                {account.role === 'admin' && ', an admin'}
              </p>
              <SettingsSection key={account.id} account={account} />
              <PasswordSection />
              <SessionsSection />
              <KeysSection admin={account.role === 'admin'} />
              {account.role === 'admin' && <PeopleSection />}
              <LeavingSection />
            </>
          )}
        </div>
      </div>
    </>
  );
}
