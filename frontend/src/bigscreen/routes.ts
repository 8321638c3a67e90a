import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/screen', name: 'screen', component: () => import('./BigScreen.vue'), meta: { bare: true } },
] satisfies RouteRecordRaw[]
