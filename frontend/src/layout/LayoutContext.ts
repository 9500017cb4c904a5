import { createContext } from 'react';

/** Opens the drawer; `null` where the sidebar is beside the page. */
export const LayoutContext = createContext<(() => void) | null>(null);
