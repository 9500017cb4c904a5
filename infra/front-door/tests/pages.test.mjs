import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, loadPages } from './edge.mjs';

const handler = await loadPages();

test('a path without an extension is the page', () => {
  for (const uri of ['/', '/c/018f-ab', '/c/018f-ab/', '/v1.2/settings', '/apis']) {
    assert.equal(handler(event(uri)).uri, '/index.html', uri);
  }
});

test('a file stays what it is, there or not', () => {
  for (const uri of ['/index.html', '/assets/index-4f3a.js', '/favicon.svg', '/assets/missing.css', '/.well-known/security.txt']) {
    assert.equal(handler(event(uri)).uri, uri);
  }
});
