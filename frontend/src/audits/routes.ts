import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/audits', name: 'audits', component: () => import('./AuditsScreen.vue'), meta: { title: 'audits.title' } },
  { path: '/audits/:number', name: 'responsibility_audit', component: () => import('./ResponsibilityScreen.vue'), meta: { title: 'audits.title' } },
] satisfies RouteRecordRaw[]
