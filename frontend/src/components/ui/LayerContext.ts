import { createContext } from 'react';

/** The modal dialog that everything inside floats in: what lies outside of it is covered. `null` is the page. */
export const LayerContext = createContext<HTMLElement | null>(null);
