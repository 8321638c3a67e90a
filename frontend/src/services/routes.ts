import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/services', name: 'services', component: () => import('./ServicesScreen.vue') },
  { path: '/services/firms/:code', name: 'service_firm', component: () => import('./FirmScreen.vue'), meta: { title: 'app.services' } },
  { path: '/services/works/:number', name: 'service_work', component: () => import('./WorkScreen.vue'), meta: { title: 'app.services' } },
  { path: '/open/services', name: 'open_services', component: () => import('./OpenServicesScreen.vue'), meta: { bare: true, open: true, title: 'services.open_title' } },
  { path: '/open/services/:code', name: 'open_service_firm', component: () => import('./OpenFirmScreen.vue'), meta: { bare: true, open: true, title: 'services.open_title' } },
] satisfies RouteRecordRaw[]
