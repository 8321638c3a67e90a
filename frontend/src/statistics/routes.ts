import type { RouteRecordRaw } from 'vue-router'

export default [{ path: '/statistics', name: 'statistics', component: () => import('./StatisticsScreen.vue'), meta: { title: 'app.statistics' } }] satisfies RouteRecordRaw[]
