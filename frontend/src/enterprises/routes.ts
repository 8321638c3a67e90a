import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/enterprises', name: 'enterprises', component: () => import('./EnterprisesScreen.vue') },
  { path: '/enterprises/:code', name: 'enterprise', component: () => import('./EnterpriseScreen.vue'), meta: { title: 'app.enterprises' } },
] satisfies RouteRecordRaw[]
