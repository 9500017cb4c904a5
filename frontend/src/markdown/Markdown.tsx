import { clsx } from 'clsx';
import { memo, useDeferredValue } from 'react';
import ReactMarkdown, { type Components, type Options } from 'react-markdown';
import rehypeHighlight from 'rehype-highlight';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

import { splitBlocks } from './blocks';
import { CodeBlock } from './CodeBlock';
import { sanitizeSchema } from './sanitizeSchema';

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
  return (
    <div className={clsx('prose', growing && 'is-growing')}>
      {blocks.map((block, index) => (
        <Block
          key={index}
          text={block}
          highlighted={!(growing && index === blocks.length - 1 && block.length > HIGHLIGHT_WHILE_GROWING)}
        />
      ))}
    </div>
  );
}

const COLOURED: Options['rehypePlugins'] = [
  [rehypeHighlight, { detect: false }],
  [rehypeSanitize, sanitizeSchema],
];
const PLAIN: Options['rehypePlugins'] = [[rehypeSanitize, sanitizeSchema]];
const REMARK: Options['remarkPlugins'] = [remarkGfm];

const Block = memo(function Block({ text, highlighted }: { text: string; highlighted: boolean }) {
  return (
    <div className="block">
      <ReactMarkdown remarkPlugins={REMARK} rehypePlugins={highlighted ? COLOURED : PLAIN} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  );
});

const COMPONENTS: Components = {
  pre: ({ node: _, ...props }) => <CodeBlock {...props} />,
  a: ({ node: _, children, ...props }) => (
    <a {...props} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  // Loading a picture would tell a stranger what was said; a link lets the person decide.
  img: ({ src, alt }) =>
    typeof src === 'string' && src !== '' ? (
      <a href={src} target="_blank" rel="noopener noreferrer nofollow">
        {alt ? `Picture: ${alt}` : 'Picture'}
      </a>
    ) : (
      <span>{alt}</span>
    ),
  table: ({ node: _, ...props }) => (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table scrolls sideways, by the keyboard too
    <div className="table-scroll" role="region" aria-label="Table" tabIndex={0}>
      <table {...props} />
    </div>
  ),
};
