import { type APIRequestContext, expect } from '@playwright/test';

import { cloud } from './cloud';

/** What a page of ours sends with what changes something. */
export const OURS = { origin: cloud.portal_url, 'x-csrf-protection': '1' };

/** Who runs the portals of tests. */
const ADMIN = { email: 'admin@example.com', password: 'the portal of the tests' };

export interface Person {
  email: string;
  password: string;
}

/** Posts as a page of ours does it. */
async function post(request: APIRequestContext, path: string, data: unknown) {
  return request.post(path, { data, headers: OURS });
}

/** Signs this browser in as the admin, whom the first one who asks makes. */
async function asAdmin(request: APIRequestContext): Promise<void> {
  const code = cloud.setup_path?.split('#')[1];
  const made = code === undefined ? null : await post(request, '/api/auth/setup/', { ...ADMIN, code });
  if (made?.status() !== 201) {
    expect((await post(request, '/api/auth/login/', ADMIN)).status()).toBe(200);
  }
}

/** Makes a new account, and signs this browser in with it. `admin` is another browser. */
export async function signedIn(request: APIRequestContext, admin: APIRequestContext): Promise<Person> {
  await asAdmin(admin);
  const invited = await post(admin, '/api/admin/invitations/', {});
  expect(invited.status()).toBe(201);
  const { token } = (await invited.json()) as { token: string };
  const person = { email: `${crypto.randomUUID()}@example.com`, password: 'a sentence that nobody guesses' };
  expect((await post(request, '/api/auth/register/', { ...person, invitation: token })).status()).toBe(201);
  return person;
}

/** Signs somebody out of all browsers, from another one. */
export async function endSessions(elsewhere: APIRequestContext, person: Person): Promise<void> {
  expect((await post(elsewhere, '/api/auth/login/', person)).status()).toBe(200);
  expect((await post(elsewhere, '/api/auth/logout_everywhere/', {})).status()).toBe(204);
}
