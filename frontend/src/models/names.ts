import type { ModelList, ProviderModels } from '../api/types';

/** The model that answers while no language model is configured. */
const OFFLINE = 'offline';

/** A model's name for people; of an unknown one, what stands after the provider. */
export function modelName(id: string, list: ModelList | undefined): string {
  const known = list?.providers.flatMap(({ models }) => models).find((model) => model.id === id);
  return known?.name ?? (id === OFFLINE ? 'Offline' : id.slice(id.indexOf('/') + 1));
}

/** Whether nothing but the built-in model can answer. */
export function onlyOffline(list: ModelList): boolean {
  return list.providers.every(({ id, models }) => id === OFFLINE || models.length === 0);
}

/** Why a provider offers no model, and what to do; `null` when it does. */
export function providerTrouble({ name, state, models, key }: ProviderModels): string | null {
  switch (state) {
    case 'bad_key':
      return `${name} refuses the key. Check ${key ?? 'it in the settings of the server'}.`;
    case 'unreachable':
      return `${name} does not answer. Check that it is running.`;
    case 'no_models':
      return `${name} has no model loaded. Load one there, then look again.`;
    case 'ready':
      return models.length === 0 ? `${name} has no model that can chat.` : null;
  }
}
