import { lazy } from 'react';
import { Route, Routes } from 'react-router';

import { Layout } from '../layout/Layout';
import { NotFound } from '../layout/NotFound';

const NewChat = lazy(() => import('../chat/NewChat'));
const ChatPage = lazy(() => import('../chat/ChatPage'));

/** Every page is a route in the layout and a chunk of its own. */
export function Pages() {
  return (
    <Routes>
      <Route element={<Layout />}>
        <Route index element={<NewChat />} />
        <Route path="chat/:conversationId" element={<ChatPage />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
