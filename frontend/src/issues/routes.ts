import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/issues', name: 'issues', component: () => import('./IssuesScreen.vue') },
  { path: '/issues/:number', name: 'issue', component: () => import('./IssueScreen.vue'), meta: { title: 'app.issues' } },
] satisfies RouteRecordRaw[]
