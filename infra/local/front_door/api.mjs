// /api/* and /ws/*: through the CloudFront Function, with the origin's secret, to the emulator's API Gateway.

import { Agent } from 'node:http';

import { createProxyServer } from 'httpxy';

import { applyRequest, loadFunction, viewerRequest } from './cloudfront.mjs';
import { NO_SOCKET, refuseUpgrade, sendProblem } from './problem.mjs';
import { applyPolicy } from './response_headers.mjs';
import { alreadyHandled, joinSockets } from './proxying.mjs';

const AWAY = 'The API does not answer; it may be restarting. Try again in a few seconds.';

// API Gateway's own limits, which the emulator does not have.
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
const TOO_LARGE = `A request has at most ${BODY_LIMIT_BYTES} bytes.`;
const ANSWER_TIMEOUT_MS = 30_000; // a second more than its own, so that its own answer comes first

/** Makes `{web, upgrade, close}` for the API and its sockets. */
export async function openApi({ api_url: api, websocket_url: sockets, origin_secret: secret, stage }, policy) {
  const throughEdge = await loadFunction('api.js', { Stage: stage, Scheme: 'http' });
  // Hypercorn, the emulator's server, closes an idle connection after 75 seconds: the pool lets go of it before.
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: 60_000 });
  const headers = { 'x-origin-secret': secret };
  const httpProxy = createProxyServer({
    target: api,
    agent,
    headers: { ...headers, connection: 'keep-alive' }, // the pool's, whatever the client wants for its own
    changeOrigin: true,
    proxyTimeout: ANSWER_TIMEOUT_MS,
  });
  const socketProxy = createProxyServer({
    target: sockets.replace(/^ws/, 'http'),
    headers,
    changeOrigin: true,
    upgradeTimeout: ANSWER_TIMEOUT_MS,
  });

  const ownHeaders = {};
  applyPolicy(policy, ownHeaders);

  httpProxy.on('proxyReq', limitBody(ownHeaders));
  httpProxy.on('proxyRes', (answer, _request, response) => {
    if (fromMissingApi(answer)) {
      answer.resume();
      sendProblem(response, 503, AWAY, ownHeaders);
    } else {
      applyPolicy(policy, answer.headers);
    }
  });
  httpProxy.on('error', (_error, _request, response) => {
    if (response.headersSent) {
      response.destroy();
    } else {
      sendProblem(response, 503, AWAY, ownHeaders);
    }
  });
  socketProxy.on('proxyReqWs', joinSockets);
  socketProxy.on('error', (error, _request, socket) => {
    if (socket.writable && socket.bytesWritten === 0) {
      refuseUpgrade(socket, 503, AWAY);
    } else {
      socket.destroy(error);
    }
  });

  return {
    web(request, response) {
      const result = throughEdge(viewerRequest(request));
      if (result.statusCode) {
        response.writeHead(result.statusCode, { ...ownHeaders, ...edgeHeaders(result) }).end(result.body);
      } else if (request.url.startsWith('/ws/')) {
        sendProblem(response, 426, 'This path is a WebSocket: connect to it with an upgrade.', { ...ownHeaders, upgrade: 'websocket' });
      } else if (announcesTooMuch(request)) {
        sendProblem(response, 413, TOO_LARGE, ownHeaders);
        request.resume();
      } else {
        applyRequest(request, result);
        request.url = `/${stage}${request.url}`; // the origin path of the distribution
        httpProxy.web(request, response).catch(alreadyHandled);
      }
    },
    upgrade(request, socket, head) {
      const result = throughEdge(viewerRequest(request));
      if (request.url.startsWith('/api/')) {
        refuseUpgrade(socket, 404, NO_SOCKET);
      } else if (result.statusCode) {
        refuseUpgrade(socket, result.statusCode, JSON.parse(result.body).detail);
      } else {
        applyRequest(request, result);
        socketProxy.ws(request, socket, {}, head).catch(alreadyHandled);
      }
    },
    close: () => agent.destroy(),
  };
}

function edgeHeaders(result) {
  return Object.fromEntries(Object.entries(result.headers).map(([name, { value }]) => [name, value]));
}

// A function's errors are problem documents; plain JSON of these is the emulator's own word for an API that is not there,
// which is so between its restart and the end of the deployment.
function fromMissingApi({ statusCode, headers }) {
  return (statusCode === 403 || statusCode === 404) && headers['content-type'] === 'application/json';
}

function announcesTooMuch({ headers }) {
  return Number(headers['content-length'] ?? 0) > BODY_LIMIT_BYTES;
}

// A body without a length is counted on its way.
function limitBody(headers) {
  return (outgoing, request, response) => {
    let received = 0;
    request.on('data', (chunk) => {
      received += chunk.length;
      if (received > BODY_LIMIT_BYTES && !response.headersSent) {
        request.unpipe(outgoing);
        request.resume();
        outgoing.destroy();
        sendProblem(response, 413, TOO_LARGE, headers);
      }
    });
  };
}
