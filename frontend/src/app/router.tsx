import { createBrowserRouter } from 'react-router';

import { Layout } from '../layout/Layout';
import { PageError } from '../layout/PageError';
import { PageHeader } from '../layout/PageHeader';
import { PageMessage } from '../layout/PageMessage';

/** Every page is a route in the layout and a chunk of its own. */
export const router = createBrowserRouter([
  { path: 'setup', lazy: async () => ({ Component: (await import('../account/SetUpPage')).default }) },
  { path: 'register', lazy: async () => ({ Component: (await import('../account/RegisterPage')).default }) },
  { path: 'reset', lazy: async () => ({ Component: (await import('../account/ResetPage')).default }) },
  {
    Component: Layout,
    ErrorBoundary: PageError,
    HydrateFallback: () => null,
    children: [
      { index: true, lazy: () => import('../chat/ChatPage') },
      { path: 'chat/:conversationId', lazy: () => import('../chat/ChatPage') },
      { path: 'account', lazy: async () => ({ Component: (await import('../account/AccountPage')).default }) },
      {
        path: '*',
        element: (
          <>
            <PageHeader>{null}</PageHeader>
            <PageMessage title="There is no such page">
              Choose a conversation from the list, or begin a new one.
            </PageMessage>
          </>
        ),
      },
    ],
  },
]);
