import { type ComponentProps, isValidElement, useRef } from 'react';

import { CopyButton } from '../components/ui/CopyButton';

/** A block of code with its language and a button that copies it. */
export function CodeBlock({ children }: ComponentProps<'pre'>) {
  const pre = useRef<HTMLPreElement>(null);
  return (
    <div className="code-block">
      <div className="flex items-center justify-between border-b border-line py-1 pr-1.5 pl-4 text-xs text-muted">
        <span>{language(children) ?? 'text'}</span>
        <CopyButton label="Copy code" text={() => (pre.current?.textContent ?? '').replace(/\n$/, '')} />
      </div>
      {/* Wide code scrolls sideways, which the keyboard must be able to do as well. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre ref={pre} tabIndex={0}>
        {children}
      </pre>
    </div>
  );
}

function language(code: ComponentProps<'pre'>['children']): string | undefined {
  if (!isValidElement<{ className?: string }>(code)) {
    return undefined;
  }
  return /language-(\S+)/.exec(code.props.className ?? '')?.[1];
}
