import { useQuery } from '@tanstack/react-query';
import { Check, ChevronDown, RefreshCw } from 'lucide-react';

import { problemOf } from '../api/problem';
import type { ModelItem } from '../api/types';
import { Menu, MenuChoice, MenuChoices, MenuChosen, MenuItem, MenuLabel, MenuSeparator } from '../components/ui/Menu';
import { modelName, providerTrouble } from './names';
import { modelsQuery } from './queries';

interface ModelPickerProps {
  /** The chosen model; `null` is the portal's default. */
  value: string | null;
  onChange: (model: string) => void;
}

const TOKENS = new Intl.NumberFormat(undefined, { notation: 'compact' });

/** Chooses the model that answers, and says which providers cannot. */
export function ModelPicker({ value, onChange }: ModelPickerProps) {
  const { data, error, isFetching, refetch } = useQuery(modelsQuery);
  const chosen = value ?? data?.default ?? null;
  const name = chosen === null ? (error ? 'No models' : 'Model') : modelName(chosen, data);
  return (
    <Menu
      align="start"
      side="top"
      className="w-72"
      trigger={
        <button
          type="button"
          className="flex h-8 min-w-0 items-center gap-1.5 rounded-full px-3 text-sm text-muted transition-colors hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
        >
          <span className="sr-only">Model: </span>
          <span className="truncate">{name}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0" />
        </button>
      }
    >
      {error && <p className="px-2.5 py-2 text-danger">{problemOf(error).detail}</p>}
      <MenuChoices value={chosen ?? ''} onValueChange={onChange}>
        {data?.providers.map((provider) => {
          const trouble = providerTrouble(provider);
          return (
            <div key={provider.id} role="group" aria-label={provider.name}>
              <MenuLabel>{provider.name}</MenuLabel>
              {trouble && <p className="px-2.5 pb-2 text-xs text-caution">{trouble}</p>}
              {provider.models.map((model) => (
                <MenuChoice key={model.id} value={model.id} className="justify-between">
                  <span className="min-w-0">
                    <span className="block truncate">{model.name}</span>
                    {size(model)}
                  </span>
                  <MenuChosen>
                    <Check aria-hidden className="text-accent" />
                  </MenuChosen>
                </MenuChoice>
              ))}
            </div>
          );
        })}
      </MenuChoices>
      <MenuSeparator />
      <MenuItem
        disabled={isFetching}
        onSelect={(event) => {
          event.preventDefault();
          void refetch();
        }}
      >
        <RefreshCw aria-hidden className={isFetching ? 'animate-spin' : ''} /> Look again
      </MenuItem>
    </Menu>
  );
}

function size({ context_tokens }: ModelItem) {
  return (
    context_tokens != null && (
      <span className="block text-xs text-muted">reads up to {TOKENS.format(context_tokens)} tokens</span>
    )
  );
}
