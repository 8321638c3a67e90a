import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/enterprises', name: 'enterprises', component: () => import('./EnterprisesScreen.vue') },
  { path: '/enterprises/:code', name: 'enterprise', component: () => import('./EnterpriseScreen.vue'), meta: { title: 'app.enterprises' } },
  { path: '/statements', name: 'statements', component: () => import('./StatementsScreen.vue'), meta: { title: 'enterprises.statements' } },
  { path: '/open/enterprises', name: 'open_enterprises', component: () => import('./OpenEnterprises.vue'), meta: { bare: true, open: true, title: 'enterprises.public' } },
  { path: '/open/enterprises/:code', name: 'open_enterprise', component: () => import('./OpenEnterprise.vue'), meta: { bare: true, open: true, title: 'enterprises.public' } },
] satisfies RouteRecordRaw[]
