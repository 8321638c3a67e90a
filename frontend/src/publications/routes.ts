import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/publications', name: 'publications', component: () => import('./PublicationsScreen.vue') },
  { path: '/publications/:number', name: 'publication', component: () => import('./PublicationScreen.vue'), meta: { title: 'app.publications' } },
] satisfies RouteRecordRaw[]
