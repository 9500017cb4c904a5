// Everything that is neither API nor socket: the built pages from a folder, or Vite while they are being written.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { createProxyServer } from 'httpxy';
import sirv from 'sirv';

import { applyRequest, loadFunction, viewerRequest } from './cloudfront.mjs';
import { NO_SOCKET, refuseUpgrade, sendProblem } from './problem.mjs';
import { applyPolicy, relaxForVite } from './response_headers.mjs';
import { alreadyHandled, joinSockets } from './proxying.mjs';

/** Makes `{web, upgrade}` for the pages of the configuration. */
export async function openPages({ directory, vite }, policy) {
  return vite ? fromVite(vite, relaxForVite(policy)) : fromDirectory(directory, policy);
}

async function fromDirectory(directory, policy) {
  const headers = {};
  applyPolicy(policy, headers);
  const toPage = await loadFunction('pages.js', {});
  // As `dev` it looks at the disk for each request, so that a new build shows without a restart.
  const serve = sirv(directory, {
    dev: true,
    etag: true,
    extensions: [],
    setHeaders: (response, path) => {
      // As the bucket's objects are stored: the names under /assets/ carry a hash of their content.
      const immutable = path.startsWith('/assets/');
      response.setHeader('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return {
    web(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        sendProblem(response, 405, 'Pages are read with GET.', headers);
        return;
      }
      applyRequest(request, toPage(viewerRequest(request)));
      for (const [name, value] of Object.entries(headers)) {
        response.setHeader(name, value);
      }
      serve(request, response, () => {
        const built = existsSync(join(directory, 'index.html'));
        const detail = built
          ? 'There is no such file.'
          : `The pages have not been built: there is no ${join(directory, 'index.html')}. \`make run\` builds them.`;
        sendProblem(response, built ? 404 : 503, detail, headers);
      });
    },
    upgrade(_request, socket) {
      refuseUpgrade(socket, 404, NO_SOCKET);
    },
  };
}

function fromVite(target, policy) {
  const away = `Vite does not answer at ${target}. It may be starting: reload in a few seconds.`;
  // Vite finds its pages by itself: to it a path without an extension may be a module, so pages.js does not run.
  const proxy = createProxyServer({ target, changeOrigin: true });
  proxy.on('proxyRes', (answer) => applyPolicy(policy, answer.headers));
  proxy.on('error', (_error, _request, client) => {
    if (client.writeHead === undefined) {
      refuseUpgrade(client, 503, away);
    } else if (client.headersSent) {
      client.destroy();
    } else {
      sendProblem(client, 503, away);
    }
  });
  proxy.on('proxyReqWs', joinSockets);
  return {
    web: (request, response) => proxy.web(request, response).catch(alreadyHandled),
    upgrade: (request, socket, head) => proxy.ws(request, socket, {}, head).catch(alreadyHandled),
  };
}
