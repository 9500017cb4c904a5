import { accountService } from '../api/accountService';
import { CredentialsForm } from './CredentialsForm';
import { DoorPage } from './DoorPage';
import { secretOfLink } from './secret';

/** Makes the first account, with the link that the operator was shown. */
export default function SetUpPage() {
  return (
    <DoorPage title="Set up your portal">
      <p className="mb-4 text-sm text-muted">
        This makes the first account. It is an admin&apos;s: it can invite others.
      </p>
      <CredentialsForm
        action="Make the account"
        choosing
        submit={(credentials) => accountService.setUp({ ...credentials, code: secretOfLink() })}
        onDone={() => window.location.assign('/')}
      />
    </DoorPage>
  );
}
