import type { RouteRecordRaw } from 'vue-router'

export default [{ path: '/bulletins', name: 'bulletins', component: () => import('./BulletinsScreen.vue'), meta: { title: 'app.bulletins' } }] satisfies RouteRecordRaw[]
