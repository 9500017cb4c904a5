import type { Options } from 'react-markdown';

type Handlers = NonNullable<NonNullable<Options['remarkRehypeOptions']>['handlers']>;

const LINE_BREAK = /^<br\s*\/?>$/i;

/** Shows the HTML in Markdown as it is written. Left as HTML, sanitising would take it away, words and all. */
export const htmlAsText: NonNullable<Handlers['html']> = (_state, { value }: { value: string }, parent) => {
  if (LINE_BREAK.test(value)) {
    // The one that means something: a cell of a table has no other way to begin a line.
    return { type: 'element', tagName: 'br', properties: {}, children: [] };
  }
  const inline = parent !== undefined && !BLOCKS.has(parent.type);
  return inline
    ? { type: 'text', value }
    : { type: 'element', tagName: 'p', properties: {}, children: [{ type: 'text', value }] };
};

/** What holds blocks, so that HTML in it is a block of its own. */
const BLOCKS = new Set(['root', 'blockquote', 'listItem', 'footnoteDefinition']);
