import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/indicators', name: 'indicators', component: () => import('./IndicatorsScreen.vue') },
  { path: '/indicators/:code', name: 'indicator', component: () => import('./IndicatorScreen.vue'), meta: { title: 'app.indicators' } },
  { path: '/targets', name: 'targets', component: () => import('./TargetsScreen.vue'), meta: { title: 'app.indicators' } },
  { path: '/targets/:number', name: 'target', component: () => import('./TargetScreen.vue'), meta: { title: 'app.indicators' } },
  { path: '/scores', name: 'scores', component: () => import('./ScoresScreen.vue'), meta: { title: 'app.indicators' } },
  { path: '/scores/:number', name: 'score', component: () => import('./ScoreScreen.vue'), meta: { title: 'app.indicators' } },
] satisfies RouteRecordRaw[]
