import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import { WebSocket } from 'ws';

import { open, Peer, until } from './harness.mjs';

/** Connects; fails with what the server said instead. */
async function connect(url, options) {
  const socket = new WebSocket(url, options);
  socket.on('unexpected-response', async (_, response) => {
    const body = Buffer.concat(await response.toArray()).toString();
    socket.emit('error', Object.assign(new Error(`refused with ${response.statusCode}`), { status: response.statusCode, body }));
  });
  await once(socket, 'open');
  return socket;
}

test('the socket of a conversation arrives as the stage with its id', async (t) => {
  const { peer, socketUrl, url } = await open(t);
  const headers = { 'x-origin-secret': 'guess', 'x-viewer-address': '6.6.6.6', cookie: 'session=1', origin: url };
  const socket = await connect(`${socketUrl}/ws/chat/018f-ab/?ticket=a%20b&conversation_id=other`, { headers });
  const [request] = peer.upgrades;
  assert.equal(request.url, '/sockets/local?conversation_id=018f-ab&ticket=a%20b');
  assert.equal(request.headers['x-origin-secret'], 'the-secret');
  assert.equal(request.headers['x-viewer-address'], '127.0.0.1');
  assert.equal(request.headers['x-public-origin'], url);
  assert.equal(request.headers.origin, url);
  assert.equal(request.headers.cookie, 'session=1');
  socket.terminate();
});

test("the account's socket arrives as the stage alone", async (t) => {
  const { peer, socketUrl } = await open(t);
  const socket = await connect(`${socketUrl}/ws/`);
  assert.equal(peer.upgrades[0].url, '/sockets/local');
  socket.terminate();
});

test('frames pass both ways, in order and whole', async (t) => {
  const { socketUrl } = await open(t);
  const socket = await connect(`${socketUrl}/ws/`);
  const received = [];
  socket.on('message', (data) => received.push(data.toString()));
  const sent = Array.from({ length: 200 }, (_, index) => `${index} größer 👋 ${'x'.repeat(index * 100)}`);
  sent.forEach((text) => socket.send(text));
  await until(() => received.length === sent.length);
  assert.deepEqual(received, sent.map((text) => `echo ${text}`));
  socket.terminate();
});

test('a close reaches the other side with its code', async (t) => {
  const { peer, socketUrl } = await open(t);
  let code;
  peer.accept = (socket) => socket.on('close', (value) => (code = value));
  const socket = await connect(`${socketUrl}/ws/`);
  socket.close(4001);
  await until(() => code === 4001);
});

test('what is sent last arrives, however slowly the client reads', async (t) => {
  const { peer, socketUrl } = await open(t);
  let sent = false;
  peer.accept = (socket) => {
    socket.send('x'.repeat(20_000_000));
    socket.send('the last', () => (sent = true));
    socket.close();
  };
  const socket = await connect(`${socketUrl}/ws/`);
  socket._socket.pause();
  const received = [];
  socket.on('message', (data) => received.push(data.length));
  await new Promise((resolve) => setImmediate(resolve));
  socket._socket.resume();
  await once(socket, 'close');
  assert.ok(sent);
  assert.deepEqual(received, [20_000_000, 'the last'.length]);
});

test('a client that breaks off is gone at the API too', async (t) => {
  const { peer, socketUrl } = await open(t);
  let closed = false;
  peer.accept = (socket) => socket.on('close', () => (closed = true));
  const socket = await connect(`${socketUrl}/ws/`);
  socket._socket.resetAndDestroy();
  await until(() => closed);
});

test('an API that dies closes its sockets; afterwards clients connect again', async (t) => {
  const { peer, socketUrl } = await open(t);
  const socket = await connect(`${socketUrl}/ws/chat/1/`);
  const closed = once(socket, 'close');
  await peer.kill();
  await closed;
  await assert.rejects(connect(`${socketUrl}/ws/chat/1/`), (error) => {
    assert.equal(error.status, 503);
    assert.equal(JSON.parse(error.body).type, '/problems/unavailable');
    return true;
  });
  const back = await new Peer().listen(peer.port);
  t.after(() => back.kill());
  (await connect(`${socketUrl}/ws/chat/1/`)).terminate();
});

test('a refusal of the API passes', async (t) => {
  const { peer, socketUrl } = await open(t);
  peer.refuse = 'HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno';
  await assert.rejects(connect(`${socketUrl}/ws/chat/1/`), { status: 403, body: 'no' });
});

test('where there is no socket, it says so', async (t) => {
  const { peer, socketUrl } = await open(t);
  for (const path of ['/ws/other/', '/ws/chat/a/b/', '/api/models/', '/']) {
    await assert.rejects(connect(socketUrl + path), { status: 404 }, path);
  }
  assert.equal(peer.upgrades.length, 0);
});

test('a host that is not this machine is refused', async (t) => {
  const { socketUrl } = await open(t);
  await assert.rejects(connect(`${socketUrl}/ws/`, { headers: { host: 'evil.example' } }), { status: 421 });
});
