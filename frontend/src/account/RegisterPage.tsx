import { accountService } from '../api/accountService';
import { CredentialsForm } from './CredentialsForm';
import { DoorPage } from './DoorPage';
import { secretOfLink } from './secret';

/** Makes an account, with an invitation or where everybody may. */
export default function RegisterPage() {
  const invitation = secretOfLink();
  return (
    <DoorPage title={invitation ? 'You are invited' : 'Make an account'}>
      <CredentialsForm
        action="Make the account"
        choosing
        submit={(credentials) => accountService.register({ ...credentials, ...(invitation && { invitation }) })}
        onDone={() => window.location.assign('/')}
      />
    </DoorPage>
  );
}
