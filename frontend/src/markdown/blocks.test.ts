import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { describe, expect, test } from 'vitest';

import { splitBlocks } from './blocks';

test('paragraphs, headings and tables are blocks', () => {
  const table = '| a | b |\n| - | - |\n| 1 | 2 |';
  expect(splitBlocks(`# Head\n\nOne\ntwo.\n\n${table}\n\nLast`)).toEqual([
    '# Head\n',
    'One\ntwo.\n',
    `${table}\n`,
    'Last',
  ]);
});

test('nothing has no blocks', () => {
  expect(splitBlocks('')).toEqual([]);
  expect(splitBlocks('\n \n')).toEqual([]);
});

describe('what belongs together is not cut', () => {
  test.each([
    ['code with blank lines', '```rust\nfn a() {}\n\nfn b() {}\n```'],
    ['code that is not closed yet', '```\none\n\ntwo\n\nthree'],
    ['code in a longer fence', '````md\n```\n\n```\n\nstill code\n````'],
    ['code behind tildes', '~~~\none\n\n```\n\ntwo\n~~~'],
    ['a loose list', '- one\n\n- two\n\n  more of two\n\n- three'],
    ['a numbered list', '1. one\n\n2. two\n\n   ```\n   code\n\n   more\n   ```\n\n3. three'],
    ['code by indentation', '    one\n\n    two'],
    ['links that are defined elsewhere', 'See [it][1].\n\nMore.\n\n[1]: https://x.example'],
    ['a footnote', 'See[^1].\n\nMore.\n\n[^1]: The note.'],
  ])('%s', (_, markdown) => {
    expect(splitBlocks(markdown)).toHaveLength(1);
  });
});

test('a text that grows keeps all blocks but the last as they are', () => {
  const text = '# Head\n\nOne\n\n```js\na\n\nb\n```\n\n- x\n\n- y\n\nEnd';
  for (let length = 1; length <= text.length; length += 1) {
    const before = splitBlocks(text.slice(0, length - 1)).slice(0, -1);
    expect(splitBlocks(text.slice(0, length)).slice(0, before.length)).toEqual(before);
  }
});

function html(markdown: string): string {
  const markup = renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins: [remarkGfm] }, markdown));
  return markup.replace(/\n/g, '');
}

/** Lines that begin, continue and end things, and code as models write it; in any order. */
const piece = fc.constantFrom(
  '',
  '',
  'Some words.',
  '# Heading',
  'Heading below',
  '---',
  '***',
  '- item',
  '* other item',
  '- [ ] task',
  '1. first',
  '1) first, otherwise numbered',
  '  continued',
  '    indented',
  '\tindented by a tab',
  ' - item moved by one',
  '> quoted',
  '> ```',
  '> - quoted item',
  '| a | b |\n| - | - |\n| 1 | 2 |',
  '[link](https://x.example) and `code`',
  '```',
  '```js',
  '````',
  '~~~',
  '```js\none\n\ntwo\n```',
  '- ```js\n  one\n\n  two\n  ```',
  '- item\n  ```js\n  one\n\n  two\n  ```',
  '1. first\n   ```js\n   one\n\n   two\n   ```',
  // Not indented far enough for the item, which happens.
  '1. first\n  ```js\n  one\n\ntwo\n  ```',
);

test('block by block it looks as it does in one piece', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const markdown = pieces.join('\n');
      expect(splitBlocks(markdown).map(html).join('')).toBe(html(markdown));
    }),
    { numRuns: 500 },
  );
});
