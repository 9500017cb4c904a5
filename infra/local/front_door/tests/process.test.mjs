// front_door.mjs as the process that `make run` starts.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { WebSocket } from 'ws';

import { ask, Peer, TEMPLATE } from './harness.mjs';

const PROGRAM = fileURLToPath(new URL('../../front_door.mjs', import.meta.url));

async function start(t, change = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'front-door-'));
  t.after(() => rm(folder, { recursive: true }));
  const peer = await new Peer().listen();
  t.after(() => peer.kill());
  const base = `http://127.0.0.1:${peer.port}`;
  const config = {
    port: 0, stage: 'local', api_url: `${base}/rest`, websocket_url: `${base}/sockets`,
    origin_secret: 'the-secret', template: TEMPLATE, pages: { directory: folder }, ...change,
  }; // prettier-ignore
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const program = spawn(process.execPath, [PROGRAM, join(folder, 'config.json')], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => program.kill('SIGKILL'));
  return program;
}

test('it says where it listens, and ends cleanly with a socket open', async (t) => {
  const program = await start(t);
  const [line] = await once(createInterface(program.stdout), 'line');
  const { url } = JSON.parse(line);
  assert.equal((await ask(`${url}/api/models/`)).status, 200);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/`);
  await once(socket, 'open');
  const ended = once(program, 'exit');
  program.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
});

test('a port that is taken is a sentence', async (t) => {
  const other = await new Peer().listen();
  t.after(() => other.kill());
  const program = await start(t, { port: other.port });
  const [text] = await once(createInterface(program.stderr), 'line');
  assert.equal(text, `The front door did not start: port ${other.port} of 127.0.0.1 is taken; stop what listens there, or choose another port`);
  const [code] = program.exitCode === null ? await once(program, 'exit') : [program.exitCode];
  assert.equal(code, 1);
});
