import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/reports', name: 'reports', component: () => import('./ReportsScreen.vue') },
  { path: '/reports/coverage', name: 'report_coverage', component: () => import('./CoverageScreen.vue'), meta: { title: 'app.reports' } },
  { path: '/reports/regions/:number', name: 'region_report', component: () => import('./RegionReportScreen.vue'), meta: { title: 'app.reports' } },
  { path: '/reports/onepage', name: 'onepage', component: () => import('./OnePageScreen.vue'), meta: { title: 'app.reports' } },
] satisfies RouteRecordRaw[]
