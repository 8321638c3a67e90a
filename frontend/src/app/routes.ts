import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import { BellFilled, DataAnalysis, Document, Files, Flag, MapLocation, Monitor, Odometer, OfficeBuilding, SetUp, Suitcase, WarningFilled } from '@element-plus/icons-vue'

/** One room: where it leads, its word (`app.<name>`), and its key after `g`. */
export interface Entry {
  name: string
  path: string
  key: string
  /** Other addresses that lie in the room. */
  also?: string[]
}
/** One entry of the left rail: rooms that belong together, under one word (`app.<name>`) and one sign. */
export interface Group {
  name: string
  icon: Component
  rooms: Entry[]
}

/** The rail, in the order of work. */
const rail: Group[] = [
  { name: 'desk', icon: Odometer, rooms: [{ name: 'desk', path: '/', key: 'd' }] },
  { name: 'map', icon: MapLocation, rooms: [{ name: 'map', path: '/map', key: 'm' }] },
  {
    name: 'monitoring',
    icon: Monitor,
    rooms: [
      { name: 'network', path: '/network', key: 'n' },
      { name: 'imports', path: '/imports', key: 'i' },
    ],
  },
  {
    name: 'assessing',
    icon: DataAnalysis,
    rooms: [
      { name: 'assess', path: '/assess', key: 'a' },
      { name: 'rankings', path: '/rankings', key: 'r' },
    ],
  },
  { name: 'warnings', icon: BellFilled, rooms: [{ name: 'warnings', path: '/warnings', key: 'w' }] },
  {
    name: 'issues',
    icon: WarningFilled,
    rooms: [
      { name: 'issues', path: '/issues', key: 'q' },
      { name: 'statistics', path: '/statistics', key: 'c' },
      { name: 'bulletins', path: '/bulletins', key: 'o' },
    ],
  },
  {
    name: 'tasks',
    icon: Suitcase,
    rooms: [
      { name: 'petitions', path: '/petitions', key: 'x' },
      { name: 'opinion', path: '/opinion', key: 'y' },
      { name: 'inspections', path: '/inspections', key: 'j' },
      { name: 'hazards', path: '/hazards', key: 'h' },
      { name: 'patrol', path: '/patrol', key: 'z' },
      { name: 'sightings', path: '/sightings', key: 'v' },
      { name: 'enforcement', path: '/enforcement', key: 'f' },
      { name: 'rectification', path: '/rectification', key: 'g' },
      { name: 'field', path: '/field', key: '1' },
    ],
  },
  {
    name: 'enterprises',
    icon: OfficeBuilding,
    rooms: [
      { name: 'enterprises', path: '/enterprises', key: 'e' },
      { name: 'codes', path: '/codes', key: '3', also: ['/audits'] },
      { name: 'permits', path: '/permits', key: '4' },
      { name: 'disclosure', path: '/disclosure', key: '5' },
      { name: 'waste', path: '/waste', key: '6' },
      { name: 'accounts', path: '/accounts', key: '7' },
      { name: 'services', path: '/services', key: '8' },
    ],
  },
  {
    name: 'plans',
    icon: Flag,
    rooms: [
      { name: 'plans', path: '/plans', key: '2', also: ['/plan-measures'] },
      { name: 'indicators', path: '/indicators', key: '9', also: ['/targets', '/scores'] },
    ],
  },
  { name: 'registers', icon: Files, rooms: [{ name: 'registers', path: '/registers', key: 't' }] },
  {
    name: 'reports',
    icon: Document,
    rooms: [
      { name: 'reports', path: '/reports', key: 'p' },
      { name: 'publications', path: '/publications', key: '0' },
      { name: 'screen', path: '/screen', key: 'b' },
    ],
  },
  {
    name: 'settings',
    icon: SetUp,
    rooms: [
      { name: 'standards', path: '/standards', key: 's' },
      { name: 'rulebooks', path: '/rulebooks', key: 'k' },
      { name: 'exchange', path: '/exchange', key: ';' },
      { name: 'people', path: '/people', key: 'u' },
      { name: 'audit', path: '/audit', key: 'l' },
    ],
  },
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
export const groups = rail
  .map((group) => ({ ...group, rooms: group.rooms.filter((entry) => answered.has(entry.path)) }))
  .filter((group) => group.rooms.length)
export const rooms = groups.flatMap((group) => group.rooms)

/** Returns whether an address lies in a room. */
export const inRoom = (entry: Entry, path: string): boolean =>
  [entry.path, ...(entry.also ?? [])].some((one) => (one === '/' ? path === '/' : path === one || path.startsWith(`${one}/`)))
