import { describe, expect, test } from 'vitest';

import type { ProviderModels } from '../api/types';
import { MODELS, OFFLINE_ONLY } from '../test/fixtures';
import { modelName, onlyOffline, providerTrouble } from './names';

test('a model has the name its provider gives it, or what stands after the provider', () => {
  expect(modelName('openai/gpt-5', MODELS)).toBe('GPT-5');
  expect(modelName('ollama/library/llama3.2', MODELS)).toBe('library/llama3.2');
  expect(modelName('offline', undefined)).toBe('Offline');
});

test('only the built-in model answers when no provider has one', () => {
  expect(onlyOffline(OFFLINE_ONLY)).toBe(true);
  expect(onlyOffline(MODELS)).toBe(false);
  const empty: ProviderModels = { id: 'ollama', name: 'Ollama', state: 'no_models', models: [] };
  expect(onlyOffline({ ...OFFLINE_ONLY, providers: [...OFFLINE_ONLY.providers, empty] })).toBe(true);
});

describe('a provider without models says what to do', () => {
  test.each([
    ['bad_key', 'Ollama refuses the key. Check it in the settings of the server.'],
    ['unreachable', 'Ollama does not answer. Check that it is running.'],
    ['no_models', 'Ollama has no model loaded. Load one there, then look again.'],
    ['ready', 'Ollama has no model that can chat.'],
  ] as const)('%s', (state, sentence) => {
    expect(providerTrouble({ id: 'ollama', name: 'Ollama', state, models: [] })).toBe(sentence);
  });

  test('and nothing when it has some', () => {
    expect(providerTrouble(MODELS.providers[0]!)).toBeNull();
  });
});
