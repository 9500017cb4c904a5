import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // The front door stands before it and adds /api and /ws, so there is no proxy here.
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  preview: { host: '127.0.0.1' },
  build: {
    target: 'es2022',
    // The content security policy admits pictures and fonts from data: URLs, but a file is cached by its name.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  test: {
    environment: 'jsdom',
    // Not this machine, whose server would be in reach without a network.
    environmentOptions: { jsdom: { url: 'https://recollect.example/' } },
    setupFiles: ['src/test/setup.ts'],
    testTimeout: 30_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
