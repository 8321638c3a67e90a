import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/assess', name: 'assess', component: () => import('./AssessScreen.vue') },
  { path: '/rankings', name: 'rankings', component: () => import('./RankingsScreen.vue') },
] satisfies RouteRecordRaw[]
