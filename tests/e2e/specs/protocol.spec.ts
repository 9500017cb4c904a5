import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Parser } from '@asyncapi/parser';

import { cloud } from '../support/cloud';
import { ASYNCAPI, EXAMPLES, type Frame, misfit, SERVER_FRAMES } from '../support/protocol';
import { Script } from '../support/Script';
import { Socket } from '../support/Socket';
import { expect, test, unique } from '../support/test';

const PROTOCOL = fileURLToPath(new URL('../../../docs/protocol.md', import.meta.url));

test('the description of the sockets is valid, with its examples', async () => {
  const found = await new Parser().validate(await readFile(ASYNCAPI, 'utf8'));
  expect(found.filter(({ code }) => code !== 'asyncapi-latest-version')).toEqual([]);
  expect(EXAMPLES.map(misfit).filter((wrong) => wrong !== null)).toEqual([]);
});

test('every frame that is described is sent, and is as it is described', async ({ api, peer }) => {
  const id = await api.createConversation();
  const [account, socket] = await Promise.all([
    Socket.open('/ws/', await api.ticket()),
    Socket.open(`/ws/chat/${id}/`, await api.ticket()),
  ]);
  const say = async (content: string, script: Script): Promise<Frame> => {
    await peer.answer(content, script);
    socket.send({ action: 'sendMessage', client_id: unique('frames').replaceAll(/\W/g, '-'), content });
    await socket.until('message.created');
    return socket.until('reply.completed', 'reply.interrupted', 'reply.failed');
  };

  await say(unique('Whole.'), Script.answer().thinking('So.').text('Yes, ').text('🌊 whole.').finish());
  await say(unique('Cut.'), Script.answer('Half').breakOff());
  await say(unique('Failed.'), Script.error(401, 'invalid_api_key'));
  // More than the model reads at once, so that it is left out of what it gets.
  await api.say(id, '海'.repeat(100_000));
  await say(unique('Trimmed.'), Script.answer('What sea?').finish());
  await api.updateConversation(id, { title: 'All frames' });
  await socket.until('conversation.updated');
  for (const listening of [socket, account]) {
    listening.send({ action: 'ping' });
    await listening.until('pong');
    listening.send('no frame');
    await listening.until('error');
  }
  socket.send({ action: 'sendMessage', client_id: 'one', content: '', colour: 'red' });
  await socket.until('error');
  await api.deleteConversation(id);
  await socket.closed();

  const frames = [...socket.frames, ...account.frames];
  expect(frames.map(misfit).filter((wrong) => wrong !== null)).toEqual([]);
  expect(new Set(frames.map(({ type }) => type))).toEqual(new Set(SERVER_FRAMES));
  account.close();
});

test('the client of docs/protocol.md works as it stands there', async ({ api, peer }, testInfo) => {
  const [, program = ''] = /```js\n(.*?)```/s.exec(await readFile(PROTOCOL, 'utf8')) ?? [];
  const file = testInfo.outputPath('chat.mjs');
  await writeFile(file, program);
  const prompt = unique('Does the example work?');
  await peer.answer(prompt, Script.answer('It ', 'does.').finish());
  const env = { ...process.env, RECOLLECT_KEY: await api.createKey() };
  const options = ['--experimental-websocket', '--no-warnings', file, cloud.portal_url, prompt];
  const run = promisify(execFile)(process.execPath, options, { env });
  expect((await run).stdout).toBe('It does.\n');
});
