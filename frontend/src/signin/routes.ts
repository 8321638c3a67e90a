import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/signin', name: 'signin', component: () => import('./SignInScreen.vue'), meta: { bare: true, open: true } },
] satisfies RouteRecordRaw[]
