import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/registers', name: 'registers', component: () => import('./RegistersScreen.vue') },
  { path: '/registers/:kind', name: 'register', component: () => import('./RegisterScreen.vue'), meta: { title: 'app.registers' } },
  { path: '/registers/:kind/new', name: 'register-new', component: () => import('./RecordNew.vue'), meta: { title: 'app.registers' } },
  { path: '/registers/:kind/:code', name: 'record', component: () => import('./RecordScreen.vue'), meta: { title: 'app.registers' } },
] satisfies RouteRecordRaw[]
