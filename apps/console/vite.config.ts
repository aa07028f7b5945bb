import { defineConfig } from 'vite';

/** Relative addresses, so that the page works under any path prefix; nothing inline, so that a strict policy holds. */
export default defineConfig({
  base: './',
  build: {
    outDir: '../gateway/console',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    chunkSizeWarningLimit: 400,
    reportCompressedSize: false,
  },
});
