import { lazy } from 'react';
import { Route, Routes } from 'react-router';

import { Layout } from '../layout/Layout';
import { NotFound } from '../layout/NotFound';

const NewChat = lazy(() => import('../chat/NewChat'));
const ChatPage = lazy(() => import('../chat/ChatPage'));
const AccountPage = lazy(() => import('../account/AccountPage'));
const SetUpPage = lazy(() => import('../account/SetUpPage'));
const RegisterPage = lazy(() => import('../account/RegisterPage'));
const ResetPage = lazy(() => import('../account/ResetPage'));

/** Every page is a route in the layout and a chunk of its own. */
export function Pages() {
  return (
    <Routes>
      <Route path="setup" element={<SetUpPage />} />
      <Route path="register" element={<RegisterPage />} />
      <Route path="reset" element={<ResetPage />} />
      <Route element={<Layout />}>
        <Route index element={<NewChat />} />
        <Route path="chat/:conversationId" element={<ChatPage />} />
        <Route path="account" element={<AccountPage />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
