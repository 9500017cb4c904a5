import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { WebSocket } from 'ws';

import { readPolicy } from '../response_headers.mjs';
import { ask, open, TEMPLATE } from './harness.mjs';

async function build(directory, page = '<html>one</html>') {
  await mkdir(join(directory, 'assets'), { recursive: true });
  await writeFile(join(directory, 'index.html'), page);
  await writeFile(join(directory, 'assets/index-4f3a.js'), 'export {}');
  await writeFile(join(directory, 'favicon.svg'), '<svg/>');
}

test('every path of the application is its page, with the template’s headers', async (t) => {
  const { url, directory } = await open(t);
  await build(directory);
  for (const path of ['/', '/c/018f-ab', '/c/018f-ab/?x=1']) {
    const answer = await ask(url + path);
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '<html>one</html>');
    assert.match(answer.headers['content-type'], /^text\/html/);
    assert.equal(answer.headers['cache-control'], 'no-cache');
    assert.match(answer.headers['content-security-policy'], /frame-ancestors 'none'/);
    assert.equal(answer.headers['x-frame-options'], 'DENY');
  }
});

test('files have their type, and those with a hash in their name are kept for good', async (t) => {
  const { url, directory } = await open(t);
  await build(directory);
  const script = await ask(`${url}/assets/index-4f3a.js`);
  assert.match(script.headers['content-type'], /javascript/);
  assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable');
  const icon = await ask(`${url}/favicon.svg`);
  assert.equal(icon.headers['content-type'], 'image/svg+xml');
  assert.equal(icon.headers['cache-control'], 'no-cache');
});

test('a file that is not there is not the page', async (t) => {
  const { url, directory } = await open(t);
  await build(directory);
  const answer = await ask(`${url}/assets/old.js`);
  assert.equal(answer.status, 404);
  assert.equal(answer.json().type, '/problems/not-found');
});

test('nothing outside the folder is served', async (t) => {
  const { url, directory } = await open(t);
  await build(directory);
  for (const path of ['/../../../etc/hosts.allow', '/%2e%2e/%2e%2e/%2e%2e/etc/hosts.allow', '/..%2f..%2f..%2fetc/hosts.allow']) {
    assert.equal((await ask(url, { path })).status, 404, path);
  }
});

test('an unchanged page is not sent again', async (t) => {
  const { url, directory } = await open(t);
  await build(directory);
  const { etag } = (await ask(url)).headers;
  assert.equal((await ask(url, { headers: { 'if-none-match': etag } })).status, 304);
});

test('pages are read, not written', async (t) => {
  const { url, directory } = await open(t);
  await build(directory);
  assert.equal((await ask(url, { method: 'POST', body: 'x' })).status, 405);
  const head = await ask(url, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
});

test('pages that have not been built say so, and show once they are', async (t) => {
  const { url, directory } = await open(t);
  const missing = await ask(url);
  assert.equal(missing.status, 503);
  assert.match(missing.json().detail, /have not been built/);
  await build(directory);
  assert.equal((await ask(url)).text, '<html>one</html>');
  await build(directory, '<html>two, longer</html>');
  assert.equal((await ask(url)).text, '<html>two, longer</html>');
});

const fromVite = { pages: (peer) => ({ vite: `http://127.0.0.1:${peer.port}` }) };

test('Vite serves everything but API and sockets, under a policy that lets it', async (t) => {
  const { peer, url } = await open(t, fromVite);
  peer.answer = (request, response) => response.end(`vite ${request.url}`);
  const answer = await ask(`${url}/@vite/client?t=1`);
  assert.equal(answer.text, 'vite /@vite/client?t=1');
  assert.match(answer.headers['content-security-policy'], /script-src 'self' 'unsafe-inline'/);
  assert.equal((await ask(`${url}/c/018f`)).text, 'vite /c/018f');
  const [request] = peer.requests;
  assert.equal(request.headers['x-origin-secret'], undefined);
  assert.equal((await ask(`${url}/api/models/`)).text, 'vite /rest/local/api/models/');
});

test('Vite’s own socket passes', async (t) => {
  const { peer, url } = await open(t, fromVite);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/?token=1`, 'vite-hmr');
  await once(socket, 'open');
  assert.equal(socket.protocol, 'vite-hmr');
  assert.equal(peer.upgrades[0].url, '/?token=1');
  const message = once(socket, 'message');
  socket.send('ping');
  assert.equal((await message)[0].toString(), 'echo ping');
  socket.terminate();
});

test('Vite that is away is a sentence', async (t) => {
  const { peer, url } = await open(t, fromVite);
  await peer.kill();
  const answer = await ask(url);
  assert.equal(answer.status, 503);
  assert.match(answer.json().detail, /Vite does not answer/);
});

test('what is loosened for Vite is not in the template’s policy', async () => {
  const policy = (await readPolicy(TEMPLATE)).find(({ name }) => name === 'content-security-policy').value;
  for (const directive of ['script-src', 'style-src', 'connect-src']) {
    assert.ok(!policy.includes(directive), `${directive} stands first in the template: merge it in relaxForVite`);
  }
});
