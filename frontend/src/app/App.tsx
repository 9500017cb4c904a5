import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { BrowserRouter } from 'react-router';

import { SignInGate } from '../account/SignInGate';
import { Toaster } from '../components/ui/Toaster';
import { ErrorBoundary } from '../layout/ErrorBoundary';
import { Pages } from './Pages';
import { createQueryClient } from './queryClient';

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <BrowserRouter>
        <ErrorBoundary of="the application">
          <Pages />
        </ErrorBoundary>
        <SignInGate />
      </BrowserRouter>
      <Toaster />
    </QueryClientProvider>
  );
}
