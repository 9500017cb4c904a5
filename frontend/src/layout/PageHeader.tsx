import { Menu } from 'lucide-react';
import { type ReactNode, use } from 'react';

import { IconButton } from '../components/ui/IconButton';
import { LayoutContext } from './LayoutContext';

/** The line at the top of a page, with the way to the drawer where there is one. */
export function PageHeader({ children }: { children: ReactNode }) {
  const openDrawer = use(LayoutContext);
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-3 md:px-5">
      {openDrawer && (
        <IconButton label="Show conversations" onClick={openDrawer}>
          <Menu aria-hidden />
        </IconButton>
      )}
      {children}
    </header>
  );
}
