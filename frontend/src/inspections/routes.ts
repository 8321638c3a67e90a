import './recipes'
import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/inspections', name: 'inspections', component: () => import('./InspectionsScreen.vue') },
  { path: '/inspections/plans', name: 'inspection_plans', component: () => import('./PlansScreen.vue'), meta: { title: 'inspections.plans' } },
  { path: '/inspections/plans/:number', name: 'inspection_plan', component: () => import('./PlanScreen.vue'), meta: { title: 'inspections.plan' } },
  { path: '/inspections/draws', name: 'inspection_draws', component: () => import('./DrawsScreen.vue'), meta: { title: 'inspections.draws' } },
  { path: '/inspections/draws/:number', name: 'inspection_draw', component: () => import('./DrawScreen.vue'), meta: { title: 'inspections.draw' } },
  { path: '/inspections/pools', name: 'inspection_pools', component: () => import('./PoolsScreen.vue'), meta: { title: 'inspections.pools' } },
  { path: '/inspections/first', name: 'inspection_first', component: () => import('./FirstScreen.vue'), meta: { title: 'inspections.first' } },
  { path: '/inspections/results', name: 'inspection_results', component: () => import('./ResultsScreen.vue'), meta: { title: 'inspections.results' } },
  { path: '/inspections/:number', name: 'inspection', component: () => import('./TaskScreen.vue'), meta: { title: 'app.inspections' } },
] satisfies RouteRecordRaw[]
