// The ResponseHeadersPolicy of the template, applied to Node's responses.

import { readFile } from 'node:fs/promises';

import { parse } from 'yaml';

/** Reads the policy: a list of {name, value, override}. */
export async function readPolicy(template) {
  // Unknown tags (!Ref and its like) are read as what they stand on; none is in the values wanted here.
  const { Resources: resources = {} } = parse(await readFile(template, 'utf8'), { logLevel: 'error' });
  const policies = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudFront::ResponseHeadersPolicy');
  if (policies.length !== 1) {
    throw new Error(`${template} should hold one AWS::CloudFront::ResponseHeadersPolicy, it holds ${policies.length}`);
  }
  const config = policies[0].Properties.ResponseHeadersPolicyConfig;
  const security = Object.entries(config.SecurityHeadersConfig ?? {}).map(([kind, settings]) => {
    if (!(kind in SECURITY)) {
      throw new Error(`${template}: the local front door does not know the security header ${kind}`);
    }
    return { ...SECURITY[kind](settings), override: settings.Override };
  });
  const custom = (config.CustomHeadersConfig?.Items ?? []).map(({ Header, Value, Override }) => ({
    name: Header.toLowerCase(),
    value: Value,
    override: Override,
  }));
  // A browser ignores HSTS over plain HTTP, and would be right to.
  return [...security, ...custom].filter(({ name }) => name !== 'strict-transport-security');
}

/** Loosens the policy for pages that Vite serves: it puts scripts and styles inline, and may open its socket on a port of its own. */
export function relaxForVite(policy) {
  return policy.map((header) =>
    header.name === 'content-security-policy' ? { ...header, value: `${header.value}; ${VITE_DIRECTIVES}` } : header,
  );
}

/** Sets the policy's headers on an object of lower-case header names. */
export function applyPolicy(policy, headers) {
  for (const { name, value, override } of policy) {
    if (override || headers[name] === undefined) {
      headers[name] = value;
    }
  }
}

// Of a directive that stands twice the first counts: these must not be in the template's policy, which a test checks.
const VITE_DIRECTIVES = "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws:";

const SECURITY = {
  ContentSecurityPolicy: (it) => ({ name: 'content-security-policy', value: it.ContentSecurityPolicy }),
  ContentTypeOptions: () => ({ name: 'x-content-type-options', value: 'nosniff' }),
  FrameOptions: (it) => ({ name: 'x-frame-options', value: it.FrameOption }),
  ReferrerPolicy: (it) => ({ name: 'referrer-policy', value: it.ReferrerPolicy }),
  StrictTransportSecurity: (it) => ({
    name: 'strict-transport-security',
    value: `max-age=${it.AccessControlMaxAgeSec}`,
  }),
};
