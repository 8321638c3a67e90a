import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import { DataAnalysis, DataBoard, Document, Files, Finished, MapLocation, Monitor, Odometer, Reading, Upload, User } from '@element-plus/icons-vue'

/** One entry of the left rail: where it leads, its word (`app.<name>`) and its sign. */
export interface Entry {
  name: string
  path: string
  icon: Component
}

/** The rail, in the order of work. */
export const rail: Entry[] = [
  { name: 'desk', path: '/', icon: Odometer },
  { name: 'map', path: '/map', icon: MapLocation },
  { name: 'network', path: '/network', icon: Monitor },
  { name: 'assess', path: '/assess', icon: DataAnalysis },
  { name: 'rankings', path: '/rankings', icon: Finished },
  { name: 'imports', path: '/imports', icon: Upload },
  { name: 'registers', path: '/registers', icon: Files },
  { name: 'reports', path: '/reports', icon: Document },
  { name: 'standards', path: '/standards', icon: Reading },
  { name: 'people', path: '/people', icon: User },
  { name: 'audit', path: '/audit', icon: DataBoard },
]

/** Every screen brings `routes.ts` with its own routes; they are collected here. `meta.bare`: without the shell. */
const files = import.meta.glob<{ default: RouteRecordRaw[] }>('../*/routes.ts', { eager: true })

export const routes: RouteRecordRaw[] = [
  ...Object.values(files).flatMap((file) => file.default),
  { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./NowhereScreen.vue') },
]
