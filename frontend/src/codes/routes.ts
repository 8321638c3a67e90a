import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/codes', name: 'codes', component: () => import('./CodesScreen.vue') },
  { path: '/codes/events', name: 'code_events', component: () => import('./EventsScreen.vue'), meta: { title: 'codes.events' } },
  { path: '/codes/appeals', name: 'code_appeals', component: () => import('./CasesScreen.vue'), meta: { title: 'codes.appeals' } },
  { path: '/codes/repairs', name: 'credit_repairs', component: () => import('./CasesScreen.vue'), meta: { title: 'codes.repairs' } },
  { path: '/codes/appeals/:number', name: 'code_appeal', component: () => import('./CaseScreen.vue'), meta: { title: 'codes.appeals' } },
  { path: '/codes/repairs/:number', name: 'credit_repair', component: () => import('./CaseScreen.vue'), meta: { title: 'codes.repairs' } },
  { path: '/codes/schemes', name: 'code_schemes', component: () => import('./SchemesScreen.vue'), meta: { title: 'codes.schemes' } },
  { path: '/codes/:code', name: 'code', component: () => import('./CodeScreen.vue'), meta: { title: 'app.codes' } },
  { path: '/open/code', name: 'open_codes', component: () => import('./OpenCodesScreen.vue'), meta: { bare: true, open: true, title: 'codes.open_title' } },
  { path: '/open/code/:named', name: 'open_code', component: () => import('./OpenCodeScreen.vue'), meta: { bare: true, open: true, title: 'codes.open_title' } },
] satisfies RouteRecordRaw[]
