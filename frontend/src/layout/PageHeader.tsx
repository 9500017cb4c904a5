import { Menu, SquarePen } from 'lucide-react';
import { type ReactNode, use } from 'react';
import { Link } from 'react-router';

import { IconButton } from '../components/ui/IconButton';
import { Logo } from '../components/ui/Logo';
import { LayoutContext } from './LayoutContext';

/** The line at the top of a page, with what the sidebar offers where it is in a drawer. There, a page without a title shows ours. */
export function PageHeader({ children }: { children?: ReactNode }) {
  const openDrawer = use(LayoutContext);
  if (!openDrawer) {
    return (
      children && (
        <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-5">{children}</header>
      )
    );
  }
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-2">
      <IconButton label="Show conversations" onClick={openDrawer}>
        <Menu aria-hidden />
      </IconButton>
      {children ?? (
        <span className="flex flex-1 items-center justify-center gap-2 font-display font-semibold">
          <Logo className="size-5 text-accent" /> Recollect
        </span>
      )}
      <Link
        to="/"
        aria-label="New conversation"
        title="New conversation"
        className="grid size-9 shrink-0 place-items-center rounded-full text-muted transition-colors hover:bg-hover hover:text-ink"
      >
        <SquarePen aria-hidden className="size-4.5" />
      </Link>
    </header>
  );
}
