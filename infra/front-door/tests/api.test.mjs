import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, loadApi, plain } from './edge.mjs';

const handler = await loadApi();

test('the socket of a conversation becomes the stage with its id', () => {
  for (const uri of ['/ws/chat/018f-AB/', '/ws/chat/018f-AB']) {
    const request = handler(event(uri));
    assert.equal(request.uri, '/prod');
    assert.deepEqual(plain(request.querystring), { conversation_id: { value: '018f-AB' } });
  }
});

test('the id comes first and the rest of the query follows as it was', () => {
  const querystring = { ticket: { value: 'a%20b' }, n: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] } };
  const request = handler(event('/ws/chat/1/', { querystring }));
  assert.deepEqual(Object.keys(request.querystring), ['conversation_id', 'ticket', 'n']);
  assert.deepEqual(plain(request.querystring.n), querystring.n);
});

test('only the path names the conversation', () => {
  const querystring = { conversation_id: { value: 'another' }, ticket: { value: 't' } };
  assert.equal(handler(event('/ws/chat/mine/', { querystring })).querystring.conversation_id.value, 'mine');
  assert.deepEqual(plain(handler(event('/ws/', { querystring })).querystring), { ticket: { value: 't' } });
});

test("the account's socket becomes the stage alone", () => {
  assert.equal(handler(event('/ws/')).uri, '/prod');
});

test('another path under /ws/ is answered at the edge', () => {
  for (const uri of ['/ws/other/', '/ws/chat/', '/ws/chat/a/b/', '/ws/chat/a%2Fb/', '/ws/chat/../dev', `/ws/chat/${'x'.repeat(65)}/`, '/ws/dev']) {
    const answer = handler(event(uri));
    assert.equal(answer.statusCode, 404, uri);
    assert.equal(answer.headers['content-type'].value, 'application/problem+json');
    assert.equal(JSON.parse(answer.body).type, '/problems/not-found');
  }
});

test('a path of the API passes as it is', () => {
  const querystring = { q: { value: 'x' } };
  const request = handler(event('/api/conversations/', { querystring }));
  assert.equal(request.uri, '/api/conversations/');
  assert.deepEqual(plain(request.querystring), querystring);
});

for (const uri of ['/api/models/', '/ws/', '/ws/chat/1/']) {
  test(`${uri} carries the viewer's origin and address, never the client's word for them`, () => {
    const headers = {
      'x-public-origin': { value: 'https://evil.example' },
      'x-viewer-address': { value: '127.0.0.1', multiValue: [{ value: '127.0.0.1' }, { value: '10.0.0.1' }] },
      'x-origin-secret': { value: 'guessed' },
      'user-agent': { value: 'test' },
    };
    assert.deepEqual(plain(handler(event(uri, { headers })).headers), {
      host: { value: 'chat.example.org' },
      'user-agent': { value: 'test' },
      'x-public-origin': { value: 'https://chat.example.org' },
      'x-viewer-address': { value: '203.0.113.7' },
    });
  });
}

test('stage and scheme are filled in', async () => {
  const local = await loadApi('local', 'http');
  const request = local(event('/ws/', { headers: { host: { value: '127.0.0.1:8080' } } }));
  assert.equal(request.uri, '/local');
  assert.equal(request.headers['x-public-origin'].value, 'http://127.0.0.1:8080');
});
