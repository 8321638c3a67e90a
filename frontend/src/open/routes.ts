import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/open', name: 'open', component: () => import('./OpenScreen.vue'), meta: { bare: true, open: true } },
  { path: '/open/report', name: 'open_report', component: () => import('./report/ReportScreen.vue'), meta: { bare: true, open: true, title: 'report.title' } },
  { path: '/open/progress', name: 'open_progress', component: () => import('./report/ProgressScreen.vue'), meta: { bare: true, open: true, title: 'report.progress' } },
] satisfies RouteRecordRaw[]
