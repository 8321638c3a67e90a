import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/rectification', name: 'rectification', component: () => import('./WallScreen.vue') },
  { path: '/rectification/list', name: 'rectification_list', component: () => import('./TasksScreen.vue'), meta: { title: 'app.rectification' } },
  { path: '/rectification/intake', name: 'rectification_intake', component: () => import('./IntakeScreen.vue'), meta: { title: 'app.rectification' } },
  { path: '/rectification/returns', name: 'rectification_returns', component: () => import('./ReturnsScreen.vue'), meta: { title: 'app.rectification' } },
  { path: '/rectification/talks', name: 'talks', component: () => import('./TalksScreen.vue'), meta: { title: 'app.rectification' } },
  { path: '/rectification/talks/:number', name: 'talk', component: () => import('./TalkScreen.vue'), meta: { title: 'app.rectification' } },
  { path: '/rectification/sweeps', name: 'sweeps', component: () => import('./SweepsScreen.vue'), meta: { title: 'app.rectification' } },
  { path: '/rectification/sweeps/:code', name: 'sweep', component: () => import('./SweepScreen.vue'), meta: { title: 'app.rectification' } },
  { path: '/rectification/samples', name: 'rectification_samples', component: () => import('./SamplesScreen.vue'), meta: { title: 'app.rectification' } },
  { path: '/rectification/:number', name: 'rectification_task', component: () => import('./TaskScreen.vue'), meta: { title: 'app.rectification' } },
  { path: '/open/rectification', name: 'open_rectification', component: () => import('./OpenResults.vue'), meta: { bare: true, open: true, title: 'app.rectification' } },
] satisfies RouteRecordRaw[]
