import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router/dom';

import { SignInGate } from '../account/SignInGate';
import { Toaster } from '../components/ui/Toaster';
import { createQueryClient } from './queryClient';
import { router } from './router';

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
      <SignInGate />
      <Toaster />
    </QueryClientProvider>
  );
}
