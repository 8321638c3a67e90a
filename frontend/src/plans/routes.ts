import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/plans', name: 'plans', component: () => import('./PlansScreen.vue') },
  { path: '/plans/:number', name: 'plan', component: () => import('./ReviewScreen.vue'), meta: { title: 'app.plans' } },
  { path: '/plan-measures/:number', name: 'plan_measure', component: () => import('./MeasureScreen.vue'), meta: { title: 'app.plans' } },
] satisfies RouteRecordRaw[]
