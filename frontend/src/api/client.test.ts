import { AxiosError, CanceledError } from 'axios';
import { http, HttpResponse } from 'msw';
import { describe, expect, test } from 'vitest';

import { setOnline } from '../test/browser';
import { DOWN } from '../test/fixtures';
import { server } from '../test/server';
import { request } from './client';
import { ApiError } from './problem';

function answering(answer: () => Response): void {
  server.use(http.get('/api/thing/', answer));
}

async function failure(config: Parameters<typeof request>[0] = {}): Promise<ApiError> {
  const error: unknown = await request({ url: '/thing/', ...config }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

test('the body of an answer is returned', async () => {
  answering(() => HttpResponse.json({ items: [1] }));
  await expect(request({ url: '/thing/' })).resolves.toEqual({ items: [1] });
});

test('an answer without a body is fine', async () => {
  answering(() => new HttpResponse(null, { status: 204 }));
  await expect(request({ url: '/thing/' })).resolves.toBeFalsy();
});

describe('a failure is a problem', () => {
  test('of the server, as it tells it', async () => {
    answering(() => HttpResponse.json(DOWN, { status: 503 }));
    expect((await failure()).problem).toEqual(DOWN);
  });

  test.each([
    [413, 'This is larger than the server accepts. Shorten it.'],
    [429, 'The server is busy. Try again in a moment.'],
    [502, 'The server failed to answer (status 502). Try again in a moment.'],
    [403, 'The server refused the request (status 403).'],
  ])('of somebody in between, with status %d', async (status, sentence) => {
    answering(() => HttpResponse.html('<h1>Nope</h1>', { status }));
    expect((await failure()).problem).toMatchObject({ status, detail: sentence });
  });

  test('when a page comes in place of data', async () => {
    answering(() => HttpResponse.html('<!doctype html>'));
    expect((await failure()).code).toBe('unreadable');
  });

  test('when nobody answers', async () => {
    answering(() => HttpResponse.error());
    expect((await failure()).message).toBe('The server cannot be reached. Check that it is running, then try again.');
  });

  test('when there is no network', async () => {
    answering(() => HttpResponse.error());
    setOnline(false);
    expect((await failure()).message).toBe('You are offline. Try again when the connection is back.');
  });

  test('when the answer takes too long', async () => {
    const adapter = () => Promise.reject(new AxiosError('timeout of 30000ms exceeded', AxiosError.ECONNABORTED));
    expect((await failure({ adapter })).message).toBe('The server took too long to answer. Try again.');
  });
});

test('a request that was called off is no failure', async () => {
  answering(() => HttpResponse.json({}));
  const calling = new AbortController();
  calling.abort();
  await expect(request({ url: '/thing/', signal: calling.signal })).rejects.toBeInstanceOf(CanceledError);
});
