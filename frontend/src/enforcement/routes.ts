import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/enforcement', name: 'enforcement', component: () => import('./EnforcementScreen.vue') },
  { path: '/enforcement/matters', name: 'matters', component: () => import('./MattersScreen.vue'), meta: { title: 'enforcement.matters' } },
  { path: '/enforcement/referrals', name: 'case_referrals', component: () => import('./ReferralsScreen.vue'), meta: { title: 'enforcement.referrals' } },
  { path: '/enforcement/served/:code', name: 'served_paper', component: () => import('./ServedScreen.vue'), meta: { title: 'enforcement.served_papers' } },
  { path: '/enforcement/:number', name: 'case', component: () => import('./CaseScreen.vue'), meta: { title: 'app.enforcement' } },
  { path: '/open/penalties', name: 'open_penalties', component: () => import('./PenaltiesScreen.vue'), meta: { bare: true, open: true } },
] satisfies RouteRecordRaw[]
