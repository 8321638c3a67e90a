import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/', name: 'desk', component: () => import('./DeskScreen.vue') },
] satisfies RouteRecordRaw[]
