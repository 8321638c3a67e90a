import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/disclosure', name: 'disclosure', component: () => import('./DisclosureScreen.vue') },
  { path: '/disclosure/lists/:code', name: 'disclosure_list', component: () => import('./ListScreen.vue'), meta: { title: 'app.disclosure' } },
  { path: '/disclosure/items/:code', name: 'disclosure_item', component: () => import('./ItemScreen.vue'), meta: { title: 'app.disclosure' } },
  { path: '/disclosure/findings/:number', name: 'disclosure_finding', component: () => import('./FindingScreen.vue'), meta: { title: 'app.disclosure' } },
  { path: '/open/disclosure', name: 'open_disclosure', component: () => import('./open/OpenListScreen.vue'), meta: { bare: true, open: true, title: 'disclosure.open_title' } },
  { path: '/open/disclosure/:code', name: 'open_disclosure_enterprise', component: () => import('./open/OpenEnterpriseScreen.vue'), meta: { bare: true, open: true, title: 'disclosure.open_title' } },
  { path: '/open/disclosure-reports/:code/:number', name: 'open_disclosure_report', component: () => import('./open/OpenReportScreen.vue'), meta: { bare: true, open: true, title: 'disclosure.open_title' } },
] satisfies RouteRecordRaw[]
