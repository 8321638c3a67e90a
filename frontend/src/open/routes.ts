import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/open', name: 'open', component: () => import('./OpenScreen.vue'), meta: { bare: true, open: true } },
] satisfies RouteRecordRaw[]
