import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/patrol', name: 'patrol', component: () => import('./PatrolsScreen.vue') },
  { path: '/patrol/:code', name: 'patrol_record', component: () => import('./PatrolScreen.vue'), meta: { title: 'app.patrol' } },
] satisfies RouteRecordRaw[]
