import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/hazards', name: 'hazards', component: () => import('./HazardsScreen.vue') },
  { path: '/hazards/:number', name: 'hazard', component: () => import('./HazardScreen.vue'), meta: { title: 'app.hazards' } },
] satisfies RouteRecordRaw[]
