// Holds the functions to what cloudfront-js-2.0 runs: there is no compiler for it outside AWS, and a mistake shows only when
// a deployment fails. The runtime knows ECMAScript 5.1 and pieces of later editions; the functions need nothing later.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { parse } from 'acorn';
import { ancestor } from 'acorn-walk';

const LIMIT_BYTES = 10 * 1024;
const GLOBALS = new Set(['JSON', 'Math', 'Object', 'Array', 'String', 'Number', 'RegExp', 'Date', 'parseInt', 'isNaN', 'undefined']);
const METHODS = new Set(
  [String, Array, RegExp, Object, Number].flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype)).concat('parse', 'stringify', 'keys'),
);
// Methods of Node's classes that came after 5.1.
const LATER = ['at', 'endsWith', 'fill', 'find', 'findIndex', 'findLast', 'flat', 'flatMap', 'includes', 'matchAll', 'normalize', 'padEnd', 'padStart', 'repeat', 'replaceAll', 'startsWith', 'trimEnd', 'trimStart']; // prettier-ignore

for (const name of ['api.js', 'pages.js']) {
  const code = readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

  test(`${name} is ECMAScript 5.1 and defines the handler`, () => {
    const program = parse(code, { ecmaVersion: 5, sourceType: 'script' });
    const names = program.body.filter(({ type }) => type === 'FunctionDeclaration').map(({ id }) => id.name);
    assert.ok(names.includes('handler'));
  });

  test(`${name} uses only what the runtime has`, () => {
    const declared = new Set();
    const used = new Set();
    const called = new Set();
    ancestor(parse(code, { ecmaVersion: 5 }), {
      FunctionDeclaration: ({ id, params }) => [id, ...params].forEach((it) => declared.add(it.name)),
      VariableDeclarator: ({ id }) => declared.add(id.name),
      Identifier: (node) => used.add(node.name),
      CallExpression: ({ callee }) => callee.type === 'MemberExpression' && called.add(callee.property.name),
    });
    assert.deepEqual([...used].filter((it) => !declared.has(it) && !GLOBALS.has(it)), []);
    assert.deepEqual([...called].filter((it) => !METHODS.has(it) || LATER.includes(it)), []);
  });

  test(`${name} is small enough for CloudFront`, () => {
    assert.ok(Buffer.byteLength(code) < LIMIT_BYTES - 200, 'leave room for the values of the placeholders');
  });

  test(`${name} has no other placeholders than the template fills`, () => {
    const placeholders = new Set([...code.matchAll(/\$\{([^}]*)\}/g)].map(([, key]) => key));
    assert.deepEqual(placeholders, new Set(name === 'api.js' ? ['Stage', 'Scheme'] : []));
  });
}
