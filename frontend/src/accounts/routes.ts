import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/accounts', name: 'accounts', component: () => import('./AccountsScreen.vue') },
  { path: '/accounts/deals/:number', name: 'quota_deal', component: () => import('./DealScreen.vue'), meta: { title: 'app.accounts' } },
  { path: '/accounts/pledges/:number', name: 'quota_pledge', component: () => import('./PledgeScreen.vue'), meta: { title: 'app.accounts' } },
  { path: '/accounts/statements/:enterprise', name: 'quota_statement', component: () => import('./StatementScreen.vue'), meta: { title: 'app.accounts' } },
  { path: '/accounts/tax/:number', name: 'tax_declaration', component: () => import('./TaxScreen.vue'), meta: { title: 'app.accounts' } },
] satisfies RouteRecordRaw[]
