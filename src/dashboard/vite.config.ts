import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// In development the page comes from here and the service answers behind it: make run, then npm run dev.
const service = process.env.SERVICE ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  // The service puts a new nonce into every page that it serves (see GetPage.cs).
  html: { cspNonce: process.env.NODE_ENV === 'production' ? 'NONCE-OF-THIS-ANSWER' : undefined },
  build: { target: 'es2022', manifest: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 1500, modulePreload: { polyfill: false } },
  server: { fs: { allow: ['.', '../words', '../LeadIngest.Core/Metrics/Data'] }, proxy: { '/v1': service, '/t': service, '/health': service, '/swagger': service } },
});
