import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/map', name: 'map', component: () => import('./MapScreen.vue'), meta: { full: true } },
] satisfies RouteRecordRaw[]
