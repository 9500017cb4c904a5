import { Button } from '../components/ui/Button';
import { PageMessage } from './PageMessage';

/** Stands in for a page that could not be drawn, or whose code could not be loaded after a new version was installed. */
export function PageError() {
  return (
    <div className="flex h-full flex-col">
      <PageMessage title="The page could not be shown">
        Nothing you wrote is lost. Reload the page; if that does not help, the server may have been updated or be down.
        <Button look="primary" className="mt-5" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </PageMessage>
    </div>
  );
}
