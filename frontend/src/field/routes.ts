import type { RouteRecordRaw } from 'vue-router'

const meta = { bare: true, title: 'field.title' }
export default [
  { path: '/field', name: 'field', component: () => import('./TasksPage.vue'), meta },
  { path: '/field/map', name: 'field_map', component: () => import('./MapPage.vue'), meta },
  { path: '/field/record', name: 'field_record', component: () => import('./RecordPage.vue'), meta },
  { path: '/field/visit', name: 'field_visit', component: () => import('./VisitPage.vue'), meta },
  { path: '/field/drafts', name: 'field_drafts', component: () => import('./DraftsPage.vue'), meta },
] satisfies RouteRecordRaw[]
