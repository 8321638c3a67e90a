import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/opinion', name: 'opinion', component: () => import('./OpinionScreen.vue') },
  { path: '/opinion/:code', name: 'opinion_item', component: () => import('./OpinionItem.vue'), meta: { title: 'app.opinion' } },
] satisfies RouteRecordRaw[]
