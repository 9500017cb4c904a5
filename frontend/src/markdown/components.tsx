import type { Components } from 'react-markdown';

import { CodeBlock } from './CodeBlock';

/** How elements are drawn that need more than a style. */
export const components: Components = {
  pre: ({ node: _, ...props }) => <CodeBlock {...props} />,
  a: ({ node: _, href = '', children, ...props }) =>
    href.startsWith('#') ? (
      <a {...props} href={href}>
        {children}
      </a>
    ) : (
      <a {...props} href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    ),
  // The box of a task; nobody can press it, and its words stand beside it.
  input: ({ node: _, ...props }) => <input {...props} aria-label={props.checked ? 'Done' : 'To do'} />,
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
