import { fileURLToPath } from 'node:url'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const TEXTS = /\.(js|css|html|svg|json)$/

/** Lays a gzip twin beside every text that was built, once everything has been replaced in it. */
function twins(): Plugin {
  let folder = ''
  return {
    name: 'gzip-twins',
    apply: 'build',
    configResolved: (config) => void (folder = config.build.outDir),
    closeBundle: {
      order: 'post',
      handler() {
        for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
          if (TEXTS.test(name)) writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }))
        }
      },
    },
  }
}

/** Pages that are used without a network, and the folders whose parts they need; see src/offline/worker.js. */
const OFFLINE_PAGES = ['/field']
const OFFLINE_PARTS = /[\\/]src[\\/](field|offline|signin|parts[\\/]drafts)[\\/]/
const OFFLINE_FILES = ['field.webmanifest', 'icons/field.svg', 'icons/field-192.png', 'icons/field-512.png']

/** Writes the worker that keeps those pages: with every built file that they need, under the version of the build. */
function offline(): Plugin {
  let base = '/'
  return {
    name: 'offline-pages',
    apply: 'build',
    configResolved: (config) => void (base = config.base),
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunks = new Map(Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one] as const] : [])))
        const wanted = new Set<string>()
        const add = (name: string): void => {
          if (wanted.has(name)) return
          wanted.add(name)
          const chunk = chunks.get(name)
          chunk?.viteMetadata?.importedCss.forEach((one) => wanted.add(one))
          chunk?.imports.forEach(add)
        }
        for (const chunk of chunks.values()) if (chunk.isEntry || chunk.moduleIds.some((id) => OFFLINE_PARTS.test(id))) add(chunk.fileName)
        const files = [...wanted].sort().concat(OFFLINE_FILES).map((name) => base + name)
        const source = readFileSync(fileURLToPath(new URL('./src/offline/worker.js', import.meta.url)), 'utf8')
        const version = createHash('sha256').update(source + files.join()).digest('hex').slice(0, 12)
        const filled = source.replace('__VERSION__', version).replace('__FILES__', JSON.stringify(files)).replace('__PAGES__', JSON.stringify(OFFLINE_PAGES))
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: filled })
      },
    },
  }
}

// The screens: one page with many routes, served by Huanzhi under /static/app/; nothing comes from outside.
export default defineConfig({
  base: '/static/app/',
  plugins: [vue(), components({ dts: false, dirs: [], resolvers: [ElementPlusResolver()] }), offline(), twins()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: fileURLToPath(new URL('../src/huanzhi/web/static/app', import.meta.url)),
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'maplibre', test: /node_modules[\\/]maplibre-gl/ },
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender)/ },
            { name: 'vue', test: /node_modules[\\/](@vue|vue|vue-router|pinia|vue-i18n|@intlify|@tanstack)[\\/]/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/sta': 'http://127.0.0.1:8080' } },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
