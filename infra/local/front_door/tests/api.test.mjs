import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as send } from 'node:http';
import { test } from 'node:test';

import { ask, open, Peer, until } from './harness.mjs';

const MIB = 1024 * 1024;

test('a request reaches the stage of the API with the secret and the front door’s headers', async (t) => {
  const { peer, url } = await open(t);
  const headers = { 'x-origin-secret': 'guess', 'x-viewer-address': '6.6.6.6', 'x-public-origin': 'http://evil', cookie: 'session=1' };
  await ask(`${url}/api/conversations/?q=a%20b&q=c&empty=`, { headers });
  const [request] = peer.requests;
  assert.equal(request.url, '/rest/local/api/conversations/?q=a%20b&q=c&empty=');
  assert.equal(request.headers['x-origin-secret'], 'the-secret');
  assert.equal(request.headers['x-viewer-address'], '127.0.0.1');
  assert.equal(request.headers['x-public-origin'], url);
  assert.equal(request.headers.host, `127.0.0.1:${peer.port}`);
  assert.equal(request.headers.cookie, 'session=1');
});

test('the answer comes back with the template’s response headers', async (t) => {
  const { peer, url } = await open(t);
  peer.answer = (_, response) =>
    response.writeHead(201, { etag: '"1"', 'set-cookie': ['a=1', 'b=2'], 'x-frame-options': 'SAMEORIGIN' }).end('größer');
  const answer = await ask(`${url}/api/conversations/`, { method: 'POST', body: '{}' });
  assert.equal(answer.status, 201);
  assert.equal(answer.text, 'größer');
  assert.equal(answer.headers.etag, '"1"');
  assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
  assert.equal(answer.headers['x-frame-options'], 'DENY');
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.match(answer.headers['content-security-policy'], /default-src 'self'/);
  assert.doesNotMatch(answer.headers['content-security-policy'], /unsafe/);
  assert.equal(answer.headers['strict-transport-security'], undefined);
});

test('an API that is away is a sentence, and is found again when it is back', async (t) => {
  const { peer, url } = await open(t);
  assert.equal((await ask(`${url}/api/models/`)).status, 200);
  await peer.kill();
  const away = await ask(`${url}/api/models/`);
  assert.equal(away.status, 503);
  assert.equal(away.headers['content-type'], 'application/problem+json');
  assert.equal(away.headers['retry-after'], '2');
  assert.deepEqual(away.json(), {
    type: '/problems/unavailable',
    title: 'Temporarily unavailable',
    status: 503,
    detail: 'The API does not answer; it may be restarting. Try again in a few seconds.',
    retry_after: 2,
  });
  const back = await new Peer().listen(peer.port);
  t.after(() => back.kill());
  assert.equal((await ask(`${url}/api/models/`)).status, 200);
});

test('an API that has not been deployed yet is away too', async (t) => {
  const { peer, url } = await open(t);
  for (const status of [403, 404]) {
    peer.answer = (_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');
    assert.equal((await ask(`${url}/api/models/`)).status, 503);
  }
  peer.answer = (_, response) => response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"status":404}');
  assert.deepEqual((await ask(`${url}/api/models/`)).json(), { status: 404 });
});

test('an answer that breaks off is not taken for a whole one', async (t) => {
  const { peer, url } = await open(t);
  peer.answer = (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  };
  await assert.rejects(ask(`${url}/api/models/`), /aborted|ECONNRESET/);
});

test('requests share a connection to the API, also when clients close theirs', async (t) => {
  const { peer, url } = await open(t);
  for (let count = 0; count < 3; count += 1) {
    await ask(`${url}/api/models/`, { headers: { connection: 'close' } });
  }
  assert.equal(new Set(peer.requests.map(({ socket }) => socket)).size, 1);
});

test('a client that goes away is told to the API', async (t) => {
  const { peer, url } = await open(t);
  let closed = false;
  peer.answer = (_, response) => response.on('close', () => (closed = true));
  const request = send(`${url}/api/messages/`, { method: 'POST' }).on('error', () => {});
  request.end('{}');
  await until(() => peer.requests.length === 1);
  request.destroy();
  await until(() => closed);
});

test('a large body arrives whole, announced or in chunks', async (t) => {
  const { peer, url } = await open(t);
  const body = Buffer.alloc(10 * MIB, 'ä');
  peer.answer = async (request, response) => {
    const received = Buffer.concat(await request.toArray());
    response.end(String(received.equals(body)));
  };
  assert.equal((await ask(`${url}/api/messages/`, { method: 'POST', body })).text, 'true');
  const chunked = { method: 'POST', body, headers: { 'transfer-encoding': 'chunked' } };
  assert.equal((await ask(`${url}/api/messages/`, chunked)).text, 'true');
});

for (const [how, headers] of [['announced', { 'content-length': 10 * MIB + 1 }], ['in chunks', { 'transfer-encoding': 'chunked' }]]) {
  test(`a body over API Gateway’s limit, ${how}, is refused`, async (t) => {
    const { peer, url } = await open(t);
    peer.answer = async (request, response) => {
      await request.toArray().catch(() => {}); // cut off
      response.end();
    };
    const answer = await ask(`${url}/api/messages/`, { method: 'POST', headers, body: Buffer.alloc(10 * MIB + 1) });
    assert.equal(answer.status, 413);
    assert.equal(answer.json().type, '/problems/too-large');
    assert.equal((await ask(`${url}/api/models/`)).status, 200);
  });
}

test('a host that is not this machine is refused', async (t) => {
  const { peer, url } = await open(t);
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:80']) {
    assert.equal((await ask(`${url}/api/models/`, { headers: { host } })).status, 421);
  }
  for (const host of ['localhost:8080', '127.0.0.1', '[::1]:8080']) {
    assert.equal((await ask(`${url}/api/models/`, { headers: { host } })).status, 200);
  }
  assert.equal(peer.requests.length, 3);
});

test('a socket’s path asked without an upgrade says so', async (t) => {
  const { url } = await open(t);
  assert.equal((await ask(`${url}/ws/`)).status, 426);
  assert.equal((await ask(`${url}/ws/other/`)).status, 404);
});

test('it listens on the loopback interface only', async (t) => {
  const { url } = await open(t);
  const other = send({ host: '127.0.0.2', port: new URL(url).port });
  const [error] = await once(other, 'error');
  assert.equal(error.code, 'ECONNREFUSED');
});
