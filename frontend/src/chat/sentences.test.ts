import fc from 'fast-check';
import { expect, test } from 'vitest';

import { plainWords, sentencesSince } from './sentences';

test('only whole sentences are said', () => {
  expect(sentencesSince('It is a bird. It fli', 0)).toEqual({ words: 'It is a bird.', reaches: 13 });
  expect(sentencesSince('It is a bird. It flies. ', 13)).toEqual({ words: 'It flies.', reaches: 23 });
  expect(sentencesSince('It is', 0)).toEqual({ words: '', reaches: 0 });
});

test('a line ends a sentence; a dot in a number does not', () => {
  expect(sentencesSince('A heading\nand mo', 0).words).toBe('A heading');
  expect(sentencesSince('It is 3.5 metres', 0).words).toBe('');
});

test('a growing text is said once, whatever its pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[A-Za-z]{1,6}( [a-z]{1,6}){0,4}\.$/)),
      fc.array(fc.nat(200)),
      (said, cuts) => {
        const text = said.map((sentence) => `${sentence} `).join('');
        const heard: string[] = [];
        let reaches = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), text.length]) {
          const next = sentencesSince(text.slice(0, cut), reaches);
          reaches = next.reaches;
          heard.push(...(next.words ? [next.words] : []));
        }
        expect(heard.join(' ')).toBe(said.join(' '));
      },
    ),
  );
});

test('the signs of Markdown are not read aloud', () => {
  const markdown =
    '## Birds\n\n- **Ibis**, see [a page](https://x.example)\n- `code`\n\n```rust\nfn x() {}\n```\n> quoted';
  expect(plainWords(markdown)).toBe('Birds Ibis , see a page code fn x() {} quoted');
});
