// The front door as a server: decides by the path who answers, as the distribution's behaviours do.

import { createServer } from 'node:http';

import { openApi } from './api.mjs';
import { openPages } from './pages.mjs';
import { refuseUpgrade, sendProblem } from './problem.mjs';
import { readPolicy } from './response_headers.mjs';

/** Starts the front door of a configuration; returns its `url` and a `close` that resolves when all of it has ended. */
export async function startFrontDoor(config) {
  const policy = await readPolicy(config.template);
  const api = await openApi(config, policy);
  const pages = await openPages(config.pages, policy);
  const behind = (path) => (path.startsWith('/api/') || path.startsWith('/ws/') ? api : pages);

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (isLocal(request.headers.host)) {
      behind(request.url).web(request, response);
    } else {
      sendProblem(response, 421, FOREIGN_HOST);
    }
  });
  const upgraded = new Set();
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy()); // a client that is gone is no news
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    if (isLocal(request.headers.host)) {
      behind(request.url).upgrade(request, socket, head);
    } else {
      refuseUpgrade(socket, 421, FOREIGN_HOST);
    }
  });

  await listen(server, config.port);
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
        upgraded.forEach((socket) => socket.destroy());
        api.close();
      }),
  };
}

const FOREIGN_HOST = 'The portal answers to localhost and 127.0.0.1 only.';

// A web page elsewhere may point a name of its own at 127.0.0.1 and then count as the same origin: such a name is refused,
// as CloudFront refuses one that is not the distribution's.
function isLocal(host = '') {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`port ${port} of 127.0.0.1 is taken; stop what listens there, or choose another port`) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
