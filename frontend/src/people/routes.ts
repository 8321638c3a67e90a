import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/people', name: 'people', component: () => import('./PeopleScreen.vue') },
  { path: '/people/:code', name: 'person', component: () => import('./PersonScreen.vue'), meta: { title: 'app.people' } },
] satisfies RouteRecordRaw[]
