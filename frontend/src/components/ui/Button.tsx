import { clsx } from 'clsx';
import type { ComponentProps } from 'react';

type Look = 'primary' | 'quiet' | 'outline' | 'danger';

const LOOKS: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  quiet: 'text-muted hover:bg-hover hover:text-ink',
  outline: 'border border-line bg-raised text-ink hover:bg-hover',
  danger: 'bg-danger text-canvas hover:brightness-110',
};

interface ButtonProps extends ComponentProps<'button'> {
  look?: Look;
  small?: boolean;
}

/** A button with words on it. */
export function Button({ look = 'outline', small = false, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={clsx(
        'inline-flex items-center justify-center gap-2 rounded-full text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-50',
        small ? 'h-8 px-3 [&_svg]:size-3.5' : 'h-9 px-4 [&_svg]:size-4',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  );
}
