import { PageHeader } from './PageHeader';
import { PageMessage } from './PageMessage';

/** For an address that leads nowhere. */
export function NotFound() {
  return (
    <>
      <title>Not found · Recollect</title>
      <PageHeader />
      <PageMessage title="There is no such page">Choose a conversation from the list, or begin a new one.</PageMessage>
    </>
  );
}
