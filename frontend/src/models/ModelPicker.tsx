import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';

import { lazyMenu } from '../components/ui/lazyMenu';
import { modelName } from './names';
import { modelsQuery } from './queries';

const ModelMenu = lazyMenu(() => import('./ModelMenu'));

interface ModelPickerProps {
  /** The chosen model; `null` is the portal's default. */
  value: string | null;
  onChange: (model: string) => void;
}

/** Shows the model that answers, and chooses another. */
export function ModelPicker({ value, onChange }: ModelPickerProps) {
  const { data, error } = useQuery(modelsQuery);
  const chosen = value ?? data?.default ?? null;
  return (
    <ModelMenu
      chosen={chosen}
      onChange={onChange}
      trigger={
        <button
          type="button"
          className="flex h-8 min-w-0 items-center gap-1.5 rounded-full px-3 text-sm text-muted transition-colors hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
        >
          <span className="sr-only">Model: </span>
          <span className="truncate">
            {chosen === null ? (error ? 'No models' : 'Model') : modelName(chosen, data)}
          </span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0" />
        </button>
      }
    />
  );
}
