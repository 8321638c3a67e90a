import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/sightings', name: 'sightings', component: () => import('./SightingsScreen.vue') },
  { path: '/sightings/:code', name: 'sighting', component: () => import('./SightingScreen.vue'), meta: { title: 'app.sightings' } },
] satisfies RouteRecordRaw[]
