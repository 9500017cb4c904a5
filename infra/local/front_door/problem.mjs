// What the front door answers by itself: a problem document (RFC 9457) of the same form as the functions'.

import { STATUS_CODES } from 'node:http';

/** What a client hears that opens a socket where there is none. */
export const NO_SOCKET = 'There is no such socket. Connect to /ws/chat/{conversation_id}/ or to /ws/.';

const KINDS = {
  404: { type: '/problems/not-found', title: 'Not found' },
  405: { type: '/problems/method-not-allowed', title: 'Method not allowed' },
  413: { type: '/problems/too-large', title: 'The request is too large' },
  421: { type: '/problems/forbidden', title: 'Not allowed' },
  426: { type: '/problems/malformed', title: 'The request could not be read' },
  503: { type: '/problems/unavailable', title: 'Temporarily unavailable' },
};

/** Answers with a problem; `headers` are the ones of the policy. */
export function sendProblem(response, status, detail, headers = {}) {
  const { head, body } = render(status, detail, headers);
  response.writeHead(status, head).end(body);
}

/** The same on the bare socket of a refused upgrade. */
export function refuseUpgrade(socket, status, detail) {
  const { head, body } = render(status, detail, { connection: 'close' });
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

function render(status, detail, headers) {
  const problem = { ...KINDS[status], status, detail };
  const head = { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (status === 503) {
    problem.retry_after = RETRY_AFTER_SECONDS;
    head['retry-after'] = String(RETRY_AFTER_SECONDS);
  }
  const body = JSON.stringify(problem);
  return { head: { ...head, 'content-length': String(Buffer.byteLength(body)) }, body };
}

const RETRY_AFTER_SECONDS = 2;
