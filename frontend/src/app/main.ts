import 'element-plus/theme-chalk/dark/css-vars.css'
import './tokens.css'
import './element.css'
import './base.css'
import { VueQueryPlugin, QueryClient } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import App from './App.vue'
import { useClock } from './clock'
import { i18n } from './i18n'
import { routes } from './routes'
import { useSession } from './session'
import { useTheme } from './theme'

const router = createRouter({ history: createWebHistory('/'), routes })
const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 15_000, retry: 1, refetchOnWindowFocus: false } },
})

const app = createApp(App).use(createPinia()).use(i18n).use(VueQueryPlugin, { queryClient: queries })
useTheme()

router.beforeEach(async (to) => {
  const session = useSession()
  if (session.session === null) await session.load()
  if (!session.signedIn && !to.meta.open) return { name: 'signin', query: { next: to.fullPath } }
  return true
})
useClock().bind(router)
app.use(router).mount('#app')
