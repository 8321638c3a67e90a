import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/open', name: 'open', component: () => import('./OpenScreen.vue'), meta: { bare: true, open: true } },
  { path: '/open/report', name: 'open_report', component: () => import('./report/ReportScreen.vue'), meta: { bare: true, open: true, title: 'report.title' } },
  { path: '/open/progress', name: 'open_progress', component: () => import('./report/ProgressScreen.vue'), meta: { bare: true, open: true, title: 'report.progress' } },
  { path: '/open/publications', name: 'open_publications', component: () => import('./PublishedScreen.vue'), meta: { bare: true, open: true, title: 'open.published' } },
  { path: '/open/publications/:number', name: 'open_publication', component: () => import('./PublicationPage.vue'), meta: { bare: true, open: true, title: 'open.published' } },
  { path: '/open/data', name: 'open_data', component: () => import('./DataScreen.vue'), meta: { bare: true, open: true, title: 'open.data' } },
  { path: '/open/corrections', name: 'open_corrections', component: () => import('./CorrectionsScreen.vue'), meta: { bare: true, open: true, title: 'open.corrections' } },
  { path: '/open/rewards', name: 'open_rewards', component: () => import('./RewardsPage.vue'), meta: { bare: true, open: true, title: 'open.rewards' } },
] satisfies RouteRecordRaw[]
