import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/places/:code', alias: '/place/:code', name: 'place', component: () => import('./PlaceScreen.vue'), props: true },
] satisfies RouteRecordRaw[]
