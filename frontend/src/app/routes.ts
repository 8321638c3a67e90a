import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import { DataAnalysis, DataBoard, DataLine, Document, Files, Finished, MapLocation, Monitor, Odometer, OfficeBuilding, Reading, SetUp, Upload, User, WarningFilled } from '@element-plus/icons-vue'

/** One entry of the left rail: where it leads, its word (`app.<name>`), its sign, and its key after `g`. */
export interface Entry {
  name: string
  path: string
  icon: Component
  key: string
}

/** The rail, in the order of work. */
export const rail: Entry[] = [
  { name: 'desk', path: '/', icon: Odometer, key: 'd' },
  { name: 'map', path: '/map', icon: MapLocation, key: 'm' },
  { name: 'issues', path: '/issues', icon: WarningFilled, key: 'q' },
  { name: 'network', path: '/network', icon: Monitor, key: 'n' },
  { name: 'assess', path: '/assess', icon: DataAnalysis, key: 'a' },
  { name: 'rankings', path: '/rankings', icon: Finished, key: 'r' },
  { name: 'enterprises', path: '/enterprises', icon: OfficeBuilding, key: 'e' },
  { name: 'imports', path: '/imports', icon: Upload, key: 'i' },
  { name: 'registers', path: '/registers', icon: Files, key: 't' },
  { name: 'reports', path: '/reports', icon: Document, key: 'p' },
  { name: 'standards', path: '/standards', icon: Reading, key: 's' },
  { name: 'rulebooks', path: '/rulebooks', icon: SetUp, key: 'k' },
  { name: 'people', path: '/people', icon: User, key: 'u' },
  { name: 'audit', path: '/audit', icon: DataBoard, key: 'l' },
  { name: 'screen', path: '/screen', icon: DataLine, key: 'b' },
]

/** Every screen brings `routes.ts` with its own routes; they are collected here. `meta.bare`: without the shell. */
const files = import.meta.glob<{ default: RouteRecordRaw[] }>('../*/routes.ts', { eager: true })

export const routes: RouteRecordRaw[] = [
  ...Object.values(files).flatMap((file) => file.default),
  { path: '/no-right', name: 'no_right', component: () => import('./NoRightScreen.vue') },
  { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./NowhereScreen.vue') },
]

/** Addresses that a screen really answers: a door without a room behind it is not shown. */
const answered = new Set(routes.flatMap((route) => [route.path, ...(route.children ?? []).map((child) => child.path)]))
export const rooms = rail.filter((entry) => answered.has(entry.path))
