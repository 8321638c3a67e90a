import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/exchange', name: 'exchange', component: () => import('./ExchangeScreen.vue') },
  { path: '/exchange/entries/:number', name: 'exchange_entry', component: () => import('./EntryScreen.vue'), meta: { title: 'app.exchange' } },
] satisfies RouteRecordRaw[]
