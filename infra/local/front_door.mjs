// The local front door: what CloudFront is in AWS, on one port of the loopback interface.
//
//     node infra/local/front_door.mjs <config.json>
//
// {
//   "port": 8080,                                    0 takes a free one; the line on stdout says which
//   "stage": "local",
//   "api_url": "http://127.0.0.1:4577/_aws/execute-api/<RestApiId>",
//   "websocket_url": "http://127.0.0.1:4577/_aws/execute-api/<WebSocketApiId>",
//   "origin_secret": "…",
//   "template": "infra/front-door/template.yaml",    holds the response headers
//   "pages": { "directory": "frontend/dist" }        or { "vite": "http://127.0.0.1:5173" }
// }
//
// Paths are relative to the working directory. When it listens it prints one line of JSON, {"url": …}.

import { readFile } from 'node:fs/promises';

import { startFrontDoor } from './front_door/server.mjs';

async function main([path]) {
  if (!path) {
    throw new Error('name the configuration file: node infra/local/front_door.mjs <config.json>');
  }
  const frontDoor = await startFrontDoor(JSON.parse(await readFile(path, 'utf8')));
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => frontDoor.close());
  }
  process.stdout.write(`${JSON.stringify({ url: frontDoor.url })}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`The front door did not start: ${error.message}\n`);
  process.exitCode = 1;
}
