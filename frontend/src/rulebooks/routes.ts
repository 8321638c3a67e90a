import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/rulebooks', name: 'rulebooks', component: () => import('./RulebooksScreen.vue') },
  { path: '/rulebooks/:code', name: 'rulebook', component: () => import('./RulebookScreen.vue'), meta: { title: 'app.rulebooks' } },
  { path: '/rulebook-versions/:code', name: 'rulebook_version', component: () => import('./VersionScreen.vue'), meta: { title: 'app.rulebooks' } },
] satisfies RouteRecordRaw[]
