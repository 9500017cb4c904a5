import { readFileSync } from 'node:fs';

/** A portal that runs for tests alone: what `cargo xtask cloud` tells the command that it starts. */
export interface Cloud {
  /** The one origin that a browser sees, without a slash at its end. */
  portal_url: string;
  /** The name that all resources begin with. */
  stage: string;
  /** Where the scripted peer, which stands in for OpenAI, is told what to do. */
  peer_control_url: string;
  /** Where the first account is made, while there is none: a path with the code behind a `#`. */
  setup_path?: string | null;
}

export const cloud = fromEnvironment();

function fromEnvironment(): Cloud {
  const path = process.env.RECOLLECT_ENDPOINTS;
  if (path === undefined) {
    throw new Error(
      'These tests need a portal of their own: cargo xtask cloud --open-ai-peer -- npm --prefix tests/e2e test',
    );
  }
  const found = JSON.parse(readFileSync(path, 'utf8')) as
    Cloud | (Omit<Cloud, 'peer_control_url'> & { peer_control_url: null });
  if (found.peer_control_url === null) {
    throw new Error('The portal has no scripted peer: start it with --open-ai-peer.');
  }
  return found;
}
