import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/network', name: 'network', component: () => import('./NetworkScreen.vue') },
  { path: '/network/devices/:mn', redirect: (to) => ({ path: '/network', query: { ...to.query, device: String(to.params.mn) } }) },
] satisfies RouteRecordRaw[]
