import { X } from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import { Outlet, useLocation } from 'react-router';

import { IconButton } from '../components/ui/IconButton';
import { Modal } from '../components/ui/Modal';
import { Toaster } from '../components/ui/Toaster';
import { useMediaQuery } from '../components/ui/useMediaQuery';
import { useAccountSocket } from '../realtime/useAccountSocket';
import { ErrorBoundary } from './ErrorBoundary';
import { LayoutContext } from './LayoutContext';
import { Sidebar } from './Sidebar';

/** The frame of every page: the sidebar beside it, or in a drawer where there is no room. */
export function Layout() {
  useAccountSocket();
  const wide = useMediaQuery('(min-width: 768px)');
  const [drawer, setDrawer] = useState(false);
  const { pathname } = useLocation();
  return (
    <LayoutContext value={wide ? null : () => setDrawer(true)}>
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-full bg-accent px-4 py-2 text-sm font-medium text-on-accent focus:translate-y-0"
      >
        Skip to the conversation
      </a>
      <div className="flex h-full">
        {wide && (
          <aside aria-label="Sidebar" className="w-72 shrink-0 border-r border-line bg-panel">
            <Sidebar />
          </aside>
        )}
        <main id="main" tabIndex={-1} className="relative flex min-w-0 flex-1 flex-col outline-none">
          <ErrorBoundary of={pathname}>
            <Suspense>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      {!wide && drawer && <Drawer onClose={() => setDrawer(false)} />}
    </LayoutContext>
  );
}

function Drawer({ onClose }: { onClose: () => void }) {
  const { key } = useLocation();
  const [openedAt] = useState(key);
  // Going somewhere is what it was opened for.
  useEffect(() => {
    if (key !== openedAt) {
      onClose();
    }
  }, [key, onClose, openedAt]);
  return (
    <Modal
      aria-label="Conversations"
      onClose={onClose}
      className="m-0 h-dvh max-h-none w-[min(20rem,86vw)] max-w-none border-r border-line bg-panel p-0 text-ink shadow-float transition-transform duration-200 backdrop:bg-black/45 starting:open:-translate-x-full"
    >
      <Sidebar
        close={
          <IconButton label="Close" onClick={onClose}>
            <X aria-hidden />
          </IconButton>
        }
      />
      {/* What is outside of a modal dialog can be neither seen well nor pressed. */}
      <Toaster />
    </Modal>
  );
}
