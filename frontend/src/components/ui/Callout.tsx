import { clsx } from 'clsx';
import type { ReactNode } from 'react';

interface CalloutProps {
  tone: 'danger' | 'caution' | 'plain';
  icon?: ReactNode;
  title?: string;
  children?: ReactNode;
  /** What can be done about it. */
  actions?: ReactNode;
  className?: string;
}

const TONES = {
  danger: 'border-danger/25 bg-danger-tint [&_.callout-icon]:text-danger',
  caution: 'border-caution/25 bg-caution-tint [&_.callout-icon]:text-caution',
  plain: 'border-line bg-panel [&_.callout-icon]:text-accent',
};

/** A few sentences that stand apart: what happened, and what to do. */
export function Callout({ tone, icon, title, children, actions, className }: CalloutProps) {
  return (
    <div className={clsx('flex gap-3 rounded-2xl border px-4 py-3 text-sm', TONES[tone], className)}>
      {icon && <span className="callout-icon mt-0.5 [&_svg]:size-4">{icon}</span>}
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        {children}
        {actions && <div className="mt-2.5 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
