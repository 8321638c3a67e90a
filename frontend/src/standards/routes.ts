import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/standards', name: 'standards', component: () => import('./StandardsScreen.vue') },
  { path: '/standards/parameters/:code?', name: 'parameters', component: () => import('./ParametersScreen.vue'), meta: { title: 'app.standards' } },
  { path: '/standards/:code', name: 'standard', component: () => import('./StandardScreen.vue'), meta: { title: 'app.standards' } },
] satisfies RouteRecordRaw[]
