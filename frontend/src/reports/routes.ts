import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/reports', name: 'reports', component: () => import('./ReportsScreen.vue') },
  { path: '/reports/onepage', name: 'onepage', component: () => import('./OnePageScreen.vue'), meta: { title: 'app.reports' } },
] satisfies RouteRecordRaw[]
