// What the distribution must keep to, for the functions and the local front door to mean the same as in AWS.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { parse } from 'yaml';

import { embed } from '../embed.mjs';

const FOLDER = new URL('../', import.meta.url);
const read = (name) => readFileSync(new URL(name, FOLDER), 'utf8');
const text = read('template.yaml');
const { Resources: resources } = parse(text, { logLevel: 'error' });
const config = resources.Distribution.Properties.DistributionConfig;
const behaviors = [config.DefaultCacheBehavior, ...config.CacheBehaviors];
const origin = (id) => config.Origins.find(({ Id }) => Id === id);

test('the template holds the code of the files', () => {
  assert.equal(text, embed(text, read), 'run `npm run embed` in infra/front-door');
  const [code, values] = resources.ApiFunction.Properties.FunctionCode;
  assert.equal(code, read('api.js'));
  assert.deepEqual(values, { Scheme: 'https' });
  assert.equal(resources.PagesFunction.Properties.FunctionCode, read('pages.js'));
});

test('both functions run on the runtime that the tests hold them to', () => {
  for (const name of ['ApiFunction', 'PagesFunction']) {
    assert.equal(resources[name].Properties.FunctionConfig.Runtime, 'cloudfront-js-2.0');
  }
});

test('the behaviours are the paths of the local front door', () => {
  const functions = behaviors.map((it) => [it.PathPattern, it.TargetOriginId, it.FunctionAssociations[0].FunctionARN]);
  assert.deepEqual(functions, [
    [undefined, 'pages', 'PagesFunction.FunctionARN'],
    ['/api/*', 'api', 'ApiFunction.FunctionARN'],
    ['/ws/*', 'sockets', 'ApiFunction.FunctionARN'],
  ]);
});

test('every behaviour has the same response headers and redirects or refuses plain HTTP', () => {
  for (const behavior of behaviors) {
    assert.equal(behavior.ResponseHeadersPolicyId, 'ResponseHeaders');
    assert.match(behavior.ViewerProtocolPolicy, /https/);
  }
});

test('every response carries the headers that protect it', () => {
  const policy = resources.ResponseHeaders.Properties.ResponseHeadersPolicyConfig;
  const security = policy.SecurityHeadersConfig;
  assert.ok(security.StrictTransportSecurity.AccessControlMaxAgeSec >= 31_536_000);
  assert.equal(security.FrameOptions.FrameOption, 'DENY');
  assert.equal(security.ReferrerPolicy.ReferrerPolicy, 'same-origin');
  const rules = security.ContentSecurityPolicy.ContentSecurityPolicy;
  assert.match(rules, /default-src 'self'.*frame-ancestors 'none'/);
  assert.doesNotMatch(rules, /unsafe|https?:|\*/);
  const custom = policy.CustomHeadersConfig.Items;
  assert.deepEqual(custom.map(({ Header }) => Header), ['cross-origin-opener-policy', 'permissions-policy']);
  for (const header of [...Object.values(security), ...custom]) {
    assert.equal(header.Override, true, 'whatever a function says');
  }
});

test('API and sockets are never cached and get everything but the host', () => {
  for (const behavior of config.CacheBehaviors) {
    assert.equal(behavior.CachePolicyId, '4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
    assert.equal(behavior.OriginRequestPolicyId, 'b689b0a8-53d0-40ab-baf2-68738e2966ac');
  }
});

test('the secret goes to both APIs and nowhere else, and the sockets have no origin path', () => {
  const secret = [{ HeaderName: 'x-origin-secret', HeaderValue: 'OriginSecret' }];
  assert.deepEqual(origin('api').OriginCustomHeaders, secret);
  assert.deepEqual(origin('sockets').OriginCustomHeaders, secret);
  assert.equal(origin('pages').OriginCustomHeaders, undefined);
  assert.equal(origin('api').OriginPath, '/${Stage}');
  assert.equal(origin('sockets').OriginPath, undefined);
});

test('no error is cached and none is replaced by a page', () => {
  for (const error of config.CustomErrorResponses) {
    assert.deepEqual(Object.keys(error), ['ErrorCode', 'ErrorCachingMinTTL']);
    assert.equal(error.ErrorCachingMinTTL, 0);
  }
});
