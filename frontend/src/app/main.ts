import 'element-plus/theme-chalk/dark/css-vars.css'
import './tokens.css'
import './element.css'
import './base.css'
import { VueQueryPlugin, QueryClient } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import App from './App.vue'
import { onRefused } from '@/api/client'
import { useClock } from './clock'
import { useDoors } from './doors'
import { i18n } from './i18n'
import { routes } from './routes'
import { useSession } from './session'
import { useTheme } from './theme'
import { retitle, titleOf } from './titles'

const router = createRouter({ history: createWebHistory('/'), routes })
const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 15_000, retry: 1, refetchOnWindowFocus: false } },
})

const app = createApp(App).use(createPinia()).use(i18n).use(VueQueryPlugin, { queryClient: queries })
useTheme()

const clock = useClock()
const session = useSession()
const doors = useDoors()

onRefused(() => {
  const here = router.currentRoute.value
  if (!session.signedIn || here.meta.open) return
  session.forget()
  void router.push({ name: 'signin', query: { next: here.fullPath, ended: '1' } })
})
router.beforeEach(async (to) => {
  if (session.session === null) await session.load()
  if (!session.signedIn && !to.meta.open) return { name: 'signin', query: { next: to.fullPath } }
  if (session.session?.must_change && to.name !== 'password') return { name: 'password', query: { next: to.fullPath } }
  if (session.signedIn && !session.session?.must_change) await doors.load(session.session?.code ?? '')
  const query = to.meta.open ? null : clock.carried(to.query)
  return query ? { ...to, query, replace: true } : true
})
router.afterEach((to) => {
  document.title = titleOf(to)
})
retitle(() => router.currentRoute.value)
clock.bind(router)
app.use(router).mount('#app')
