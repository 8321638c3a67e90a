import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/signin', name: 'signin', component: () => import('./SignInScreen.vue'), meta: { bare: true, open: true } },
  { path: '/password', name: 'password', component: () => import('./PasswordScreen.vue'), meta: { bare: true } },
] satisfies RouteRecordRaw[]
