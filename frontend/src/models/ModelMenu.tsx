import { useQuery } from '@tanstack/react-query';
import { Check, RefreshCw } from 'lucide-react';

import { problemOf } from '../api/problem';
import type { ModelItem } from '../api/types';
import type { MenuProps } from '../components/ui/lazyMenu';
import { Menu, MenuChoice, MenuChoices, MenuChosen, MenuItem, MenuLabel, MenuSeparator } from '../components/ui/Menu';
import { providerTrouble } from './names';
import { modelsQuery } from './queries';

interface ModelMenuProps extends MenuProps {
  chosen: string | null;
  onChange: (model: string) => void;
}

const TOKENS = new Intl.NumberFormat(undefined, { notation: 'compact' });

/** The models by provider, with what keeps a provider from answering. */
export default function ModelMenu({ trigger, chosen, onChange }: ModelMenuProps) {
  const { data, error, isFetching, refetch } = useQuery(modelsQuery);
  return (
    <Menu align="start" side="top" className="w-72" trigger={trigger}>
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
      <MenuItem staysOpen disabled={isFetching} onChoose={() => void refetch()}>
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
