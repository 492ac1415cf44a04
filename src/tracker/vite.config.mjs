import { defineConfig } from 'vite';

// One file for pages that we do not know: no modules, no names of its own beside `leadingest`, and every byte is paid by somebody's visitor.
export default defineConfig({
  build: {
    target: 'es2018',
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'tracker', fileName: () => 'tracker.js' },
    rollupOptions: { output: { strict: false } },
    minify: 'terser',
    terserOptions: {
      ecma: 2018,
      toplevel: true,
      compress: { passes: 4, unsafe: true, unsafe_arrows: true, unsafe_methods: true, keep_fargs: false, pure_getters: true },
      format: { comments: false },
    },
    reportCompressedSize: false,
  },
});
