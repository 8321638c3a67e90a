import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/petitions', name: 'petitions', component: () => import('./PetitionsScreen.vue') },
  { path: '/petitions/new', name: 'petition_new', component: () => import('./IntakeScreen.vue'), meta: { title: 'petitions.intake' } },
  { path: '/petitions/sheets', name: 'petition_sheets', component: () => import('./SheetsScreen.vue'), meta: { title: 'petitions.sheets' } },
  { path: '/petitions/statistics', name: 'petition_statistics', component: () => import('./FiguresScreen.vue'), meta: { title: 'petitions.statistics' } },
  { path: '/petitions/rewards', name: 'petition_rewards', component: () => import('./RewardsScreen.vue'), meta: { title: 'petitions.rewards' } },
  { path: '/petitions/:number', name: 'petition', component: () => import('./PetitionScreen.vue'), meta: { title: 'app.petitions' } },
] satisfies RouteRecordRaw[]
