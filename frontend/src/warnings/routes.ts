import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/warnings', name: 'warnings', component: () => import('./WarningsScreen.vue') },
  { path: '/warnings/:code', name: 'warning', component: () => import('./WarningScreen.vue'), meta: { title: 'app.warnings' } },
] satisfies RouteRecordRaw[]
