import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { createMemoryHistory, createRouter } from 'vue-router'
import { stamp, timeOf, useClock, zoned } from '@/app/clock'
import { sequences } from '@/app/keys'
import { branches } from '@/app/regions'
import { groups, inRoom, rooms, routes } from '@/app/routes'
import { titleOf } from '@/app/titles'
import { useTheme } from '@/app/theme'
import { isNewer } from '@/app/version'
import { messages } from '@/app/words'

beforeEach(() => setActivePinia(createPinia()))
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})

describe('keys', () => {
  const press = (key: string, target: Element = document.body, more = {}) =>
    Object.assign(new KeyboardEvent('keydown', { key, ...more, cancelable: true }), {}) &&
    Object.defineProperty(new KeyboardEvent('keydown', { key, ...more, cancelable: true }), 'target', { value: target })

  it('hears single keys and two in a row, and nothing while somebody writes', () => {
    const deeds = { '/': vi.fn(), 'g m': vi.fn(), '?': vi.fn() }
    let now = 0
    const hear = sequences(deeds, () => now)
    hear(press('/'))
    hear(press('g'))
    hear(press('m'))
    expect(deeds['/']).toHaveBeenCalledTimes(1)
    expect(deeds['g m']).toHaveBeenCalledTimes(1)
    hear(press('g'))
    now = 5_000
    hear(press('m'))
    hear(press('/', document.createElement('input')))
    hear(press('/', document.body, { ctrlKey: true }))
    expect(deeds['g m']).toHaveBeenCalledTimes(1)
    expect(deeds['/']).toHaveBeenCalledTimes(1)
  })
  it('gives every room a key of its own', () => {
    expect(new Set(rooms.map((entry) => entry.key)).size).toBe(rooms.length)
  })
  it('knows the one room that an address lies in', () => {
    const at = (path: string) => rooms.filter((entry) => inRoom(entry, path)).map((entry) => entry.name)
    expect(at('/')).toEqual(['desk'])
    expect(at('/issues/HZ-20261122-0001')).toEqual(['issues'])
    expect(at('/issuesx')).toEqual([])
    expect(groups.every((group) => group.rooms.length > 0)).toBe(true)
  })
})

describe('the one clock', () => {
  it('holds China time', () => {
    expect(zoned('2026-03-01T08:00')).toBe('2026-03-01T08:00:00+08:00')
    expect(zoned('2026-03-01')).toBe('2026-03-01T00:00:00+08:00')
    expect(zoned('2026-03-01T00:00:00Z')).toBe('2026-03-01T00:00:00Z')
    expect(stamp(timeOf('2026-03-01T08:00'))).toBe('2026-03-01T08:00')
  })
  it('plays through its span and stays at the end', () => {
    vi.useFakeTimers({ now: Date.parse('2026-03-02T00:00:00+08:00') })
    const clock = useClock()
    clock.from = '2026-03-01T08:00'
    clock.to = '2026-03-01T11:00'
    clock.play()
    expect(clock.at).toBe('2026-03-01T08:00')
    vi.advanceTimersByTime(2_000)
    expect(clock.at).toBe('2026-03-01T10:00')
    vi.advanceTimersByTime(3_000)
    expect(clock.at).toBe('2026-03-01T11:00')
    expect(clock.playing).toBe(false)
    clock.goLive()
    expect(clock.live).toBe(true)
  })
  it('is carried from page to page, and into the address', async () => {
    const clock = useClock()
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: {} }] })
    clock.bind(router)
    await router.push('/map?region=331000&at=2026-03-01T08:00')
    expect([clock.region, clock.at]).toEqual(['331000', '2026-03-01T08:00'])
    expect(clock.carried({ q: 'x' })).toEqual({ q: 'x', region: '331000', at: '2026-03-01T08:00' })
    expect(clock.carried({ region: '1', at: '2' })).toBeNull()
    clock.at = null
    await vi.waitFor(() => expect(router.currentRoute.value.query).toEqual({ region: '331000' }))
  })
})

describe('regions', () => {
  it('make a tree; one without its parent stands at the top', () => {
    const tree = branches(
      [
        { code: '33', name: '浙江省', name_en: 'Zhejiang' },
        { code: '3310', name: '台州市', parent: '33' },
        { code: '99', name: '别处', parent: '98' },
      ],
      true,
    )
    expect(tree).toEqual([
      { value: '33', label: 'Zhejiang', children: [{ value: '3310', label: '台州市' }] },
      { value: '99', label: '别处' },
    ])
  })
})

describe('rooms and words', () => {
  it('shows no door without a room behind it', () => {
    const paths = new Set(routes.flatMap((route) => [route.path]))
    for (const room of rooms) expect(paths.has(room.path)).toBe(true)
  })
  it('has every word in both languages, and the same blanks in both', () => {
    const [zh, en] = [messages('zh'), messages('en')]
    for (const [area, words] of Object.entries(zh)) {
      for (const [key, text] of Object.entries(words)) {
        const other = en[area]?.[key] ?? ''
        expect(Boolean(other), `${area}.${key}`).toBe(Boolean(text))
        expect(blanks(other), `${area}.${key}`).toEqual(blanks(text))
        expect(`${text}${other}`, `${area}.${key}`).not.toMatch(/！|!$/)
      }
    }
  })
  const blanks = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? ''))].sort()

  it('names pages by their route', () => {
    expect(titleOf({ name: 'desk', meta: {}, matched: [{}] } as never)).toBe('值班台 · 环治')
    expect(titleOf({ name: 'nothing known', meta: {}, matched: [{}] } as never)).toBe('环治')
  })
})

describe('theme', () => {
  it('lets a screen ask for dark without forgetting what was chosen', async () => {
    const theme = useTheme()
    theme.theme = 'light'
    theme.forced = 'dark'
    expect(theme.theme).toBe('dark')
    theme.forced = null
    expect(theme.theme).toBe('light')
  })
})

describe('version', () => {
  const page = (hash: string): string => `<script type="module" crossorigin src="/static/app/assets/index-${hash}.js"></script>`
  it('is newer when the built entry has another name', async () => {
    const running = '/static/app/assets/index-A.js'
    expect(await isNewer(async () => page('A'), running)).toBe(false)
    expect(await isNewer(async () => page('B'), running)).toBe(true)
    expect(await isNewer(async () => '', running)).toBe(false)
    expect(await isNewer(async () => Promise.reject(new Error('away')), running)).toBe(false)
  })
})
