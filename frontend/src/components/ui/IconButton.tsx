import { clsx } from 'clsx';
import type { ComponentProps } from 'react';

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'title'> {
  /** What it does, for those who do not see the icon, and on hover. */
  label: string;
  /** For a line of small text. */
  small?: boolean;
}

/** A button with an icon alone; the label cannot be left out. */
export function IconButton({ label, small = false, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={clsx(
        'grid shrink-0 place-items-center rounded-full text-muted transition-colors hover:bg-hover hover:text-ink disabled:opacity-50',
        small ? 'size-7 [&_svg]:size-3.5' : 'size-9 [&_svg]:size-4.5',
        className,
      )}
      {...rest}
    />
  );
}
