import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/warnings', name: 'warnings', component: () => import('./WarningsScreen.vue') },
  { path: '/warnings/sections', name: 'warning_sections', component: () => import('./SectionsScreen.vue'), meta: { title: 'warnings.nav_sections' } },
  { path: '/warnings/air', name: 'warning_air', component: () => import('./AirScreen.vue'), meta: { title: 'warnings.nav_air' } },
  { path: '/warnings/air/cuts', name: 'warning_cuts', component: () => import('./CutsScreen.vue'), meta: { title: 'warnings.nav_cuts' } },
  { path: '/warnings/air/effects/:code', name: 'warning_effect', component: () => import('./EffectScreen.vue'), meta: { title: 'warnings.effect' } },
  { path: '/warnings/rules', name: 'warning_rules', component: () => import('./RulesScreen.vue'), meta: { title: 'warnings.nav_rules' } },
  { path: '/warnings/rules/:code', name: 'warning_rule', component: () => import('./RuleScreen.vue'), meta: { title: 'warnings.nav_rules' } },
  { path: '/warnings/:code', name: 'warning', component: () => import('./WarningScreen.vue'), meta: { title: 'app.warnings' } },
] satisfies RouteRecordRaw[]
