import { Callout } from '../components/ui/Callout';
import { CopyButton } from '../components/ui/CopyButton';

/** A secret that the server keeps only as a hash: it is shown now and never again. */
export function ShownOnce({ label, secret }: { label: string; secret: string }) {
  return (
    <div role="status">
      <Callout tone="caution" title={label}>
        <div className="mt-1 flex items-center gap-2">
          <code className="min-w-0 flex-1 text-xs break-all">{secret}</code>
          <CopyButton label="Copy" text={() => secret} />
        </div>
      </Callout>
    </div>
  );
}
