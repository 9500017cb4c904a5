import { clsx } from 'clsx';
import { memo, useDeferredValue, useId, useMemo } from 'react';
import ReactMarkdown, { type Options } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

import { splitBlocks } from './blocks';
import { components } from './components';
import { htmlAsText } from './htmlAsText';
import { sanitizeSchema } from './sanitizeSchema';
import { useHighlighter } from './useHighlighter';

interface MarkdownProps {
  text: string;
  /** Whether more text is to come. */
  growing: boolean;
}

/** Colouring a long block anew with each word costs more than it shows; it is coloured when it is whole. */
const HIGHLIGHT_WHILE_GROWING = 6_000;

/** What a model wrote, as Markdown. HTML in it is shown as text, and what is rendered is sanitised last. */
export default function Markdown({ text, growing }: MarkdownProps) {
  // Rendering may lag behind the words, never behind the person's own typing and scrolling.
  const blocks = splitBlocks(useDeferredValue(text));
  const id = useId();
  return (
    <div className={clsx('prose', growing && 'is-growing')}>
      {blocks.map((block, index) => (
        <Block
          key={index}
          id={id}
          text={block}
          plain={growing && index === blocks.length - 1 && block.length > HIGHLIGHT_WHILE_GROWING}
        />
      ))}
    </div>
  );
}

const REMARK: Options['remarkPlugins'] = [remarkGfm];
const SANITIZE: NonNullable<Options['rehypePlugins']>[number] = [rehypeSanitize, sanitizeSchema];

interface BlockProps {
  /** Of the text as a whole: footnotes of two answers must not have the same names. */
  id: string;
  text: string;
  /** Whether code is left without colours. */
  plain: boolean;
}

const Block = memo(function Block({ id, text, plain }: BlockProps) {
  const highlight = useHighlighter(text);
  const rehype = useMemo(() => (highlight && !plain ? [highlight, SANITIZE] : [SANITIZE]), [highlight, plain]);
  const conversion = useMemo(() => ({ clobberPrefix: `${id}-`, handlers: { html: htmlAsText } }), [id]);
  return (
    <div className="block">
      <ReactMarkdown
        remarkPlugins={REMARK}
        remarkRehypeOptions={conversion}
        rehypePlugins={rehype}
        components={components}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
});
