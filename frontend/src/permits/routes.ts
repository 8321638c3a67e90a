import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/permits', name: 'permits', component: () => import('./PermitsScreen.vue') },
  { path: '/permits/reports/:code', name: 'permit_report', component: () => import('./ReportScreen.vue'), meta: { title: 'app.permits' } },
  { path: '/permits/lists/:code', name: 'key_list', component: () => import('./KeyListScreen.vue'), meta: { title: 'app.permits' } },
  { path: '/permits/:code', name: 'permit_holder', component: () => import('./HolderScreen.vue'), meta: { title: 'app.permits' } },
  { path: '/open/key-lists', name: 'open_key_lists', component: () => import('./OpenKeyLists.vue'), meta: { bare: true, open: true, title: 'app.permits' } },
] satisfies RouteRecordRaw[]
