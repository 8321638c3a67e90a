import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The status page is one script and one style sheet, which `huanzhi report page` puts into a single file
// together with its figures: it opens from a disk, a mail or a memory stick, with no server and no network.
export default defineConfig({
  plugins: [vue()],
  build: {
    outDir: fileURLToPath(new URL('../src/huanzhi/web/static', import.meta.url)),
    emptyOutDir: false,
    modulePreload: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: fileURLToPath(new URL('./src/status/status.ts', import.meta.url)),
      output: {
        format: 'iife',
        entryFileNames: 'status.js',
        assetFileNames: 'status[extname]',
      },
    },
  },
})
