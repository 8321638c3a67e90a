import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/imports', name: 'imports', component: () => import('./ImportsScreen.vue') },
  { path: '/imports/:upload', name: 'import', component: () => import('./UploadScreen.vue'), meta: { title: 'app.imports' } },
] satisfies RouteRecordRaw[]
