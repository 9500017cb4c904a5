// Runs a CloudFront Function on a request of Node's HTTP server.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';

const FOLDER = new URL('../../front-door/', import.meta.url);

/** Loads a function of infra/front-door with its `${…}` placeholders filled in, as Fn::Sub does. */
export async function loadFunction(name, values) {
  const file = new URL(name, FOLDER);
  const code = (await readFile(file, 'utf8')).replaceAll(/\$\{(\w+)\}/g, (_, key) => {
    if (!(key in values)) {
      throw new Error(`${name} wants a value for \${${key}}`);
    }
    return values[key];
  });
  // A context of its own has the language and nothing of Node, like the runtime in AWS.
  const context = createContext({ console });
  runInContext(code, context, { filename: fileURLToPath(file) });
  return context.handler;
}

/** Makes the viewer-request event of a request. */
export function viewerRequest(request) {
  const [uri, ...query] = request.url.split('?');
  const headers = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== 'cookie') {
      headers[name] = { value: String(value) };
    }
  }
  return {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: request.socket.remoteAddress },
    request: { method: request.method, uri, querystring: parseQuery(query.join('?')), headers, cookies: {} },
  };
}

/** Writes what the function returned into the request. */
export function applyRequest(request, result) {
  for (const name of Object.keys(request.headers)) {
    if (name !== 'cookie' && !(name in result.headers)) {
      delete request.headers[name];
    }
  }
  for (const [name, { value }] of Object.entries(result.headers)) {
    request.headers[name] = value;
  }
  const query = formatQuery(result.querystring);
  request.url = query ? `${result.uri}?${query}` : result.uri;
}

// Names and values stay encoded, as in CloudFront.

function parseQuery(text) {
  const query = Object.create(null);
  for (const pair of text.split('&').filter(Boolean)) {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    const value = at < 0 ? '' : pair.slice(at + 1);
    if (name in query) {
      query[name].multiValue ??= [{ value: query[name].value }];
      query[name].multiValue.push({ value });
    } else {
      query[name] = { value };
    }
  }
  return query;
}

function formatQuery(query) {
  return Object.entries(query)
    .flatMap(([name, entry]) => (entry.multiValue ?? [entry]).map(({ value }) => `${name}=${value}`))
    .join('&');
}
