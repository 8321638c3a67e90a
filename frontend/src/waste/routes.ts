import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/waste', name: 'waste', component: () => import('./WasteScreen.vue') },
  { path: '/waste/manifests/:number', name: 'waste-manifest', component: () => import('./ManifestScreen.vue'), meta: { title: 'app.waste' } },
  { path: '/waste/approvals/:number', name: 'waste-approval', component: () => import('./ApprovalScreen.vue'), meta: { title: 'app.waste' } },
  { path: '/waste/plans/:number', name: 'waste-plan', component: () => import('./PlanScreen.vue'), meta: { title: 'app.waste' } },
  { path: '/waste/bookings/:number', name: 'waste-booking', component: () => import('./BookingScreen.vue'), meta: { title: 'app.waste' } },
  { path: '/waste/routes/:number', name: 'waste-route', component: () => import('./RouteScreen.vue'), meta: { title: 'app.waste' } },
  { path: '/waste/checks/:number', name: 'waste-check', component: () => import('./CheckScreen.vue'), meta: { title: 'app.waste' } },
] satisfies RouteRecordRaw[]
