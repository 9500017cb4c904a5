// Runs the functions as the local front door does.

import { loadFunction } from '../../local/front_door/cloudfront.mjs';

/** Loads api.js for a stage. */
export const loadApi = (stage = 'prod', scheme = 'https') => loadFunction('api.js', { Stage: stage, Scheme: scheme });

/** Loads pages.js. */
export const loadPages = () => loadFunction('pages.js', {});

/** Makes a viewer-request event. */
export function event(uri, { querystring = {}, headers = {} } = {}) {
  return {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: '203.0.113.7' },
    request: { method: 'GET', uri, querystring, headers: { host: { value: 'chat.example.org' }, ...headers }, cookies: {} },
  };
}

/** Copies a value out of the function's context, whose objects are of other classes than ours. */
export const plain = (value) => JSON.parse(JSON.stringify(value));
