import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { busiest } from '@/bigscreen/busiest'
import { useInterrupting } from '@/bigscreen/interrupting'
import { grouped, type Alert, type AlertRow } from '@/desk/alerts'
import DeskFigures from '@/desk/DeskFigures.vue'
import { percent } from '@/desk/figures'
import GradeBar from '@/desk/GradeBar.vue'
import { byGrade, worstFirst, type LivePlace, type Standing } from '@/desk/places'
import { mounted } from '../parts/mounting'

beforeEach(() => localStorage.clear())
afterEach(() => {
  document.body.innerHTML = ''
  vi.useRealTimers()
})

const standing = (level: number, value = '50', colour = '#00e400'): Standing => ({
  judge: 'aqi', value, level, name: ['', '优', '良'][level] ?? '差', name_en: '', colour, standard: '', by: [], time: '',
})
const place = (feature: string, at: Standing | null): LivePlace => ({
  feature, name: feature, kind: 'air_station', region: '', enterprise: '', lon: null, lat: null, simulated: true, online: true, standing: at, values: [],
})
const row = (kind: string, feature: string, subject: string, since = '1', flags: string[] = []): AlertRow => ({
  kind, feature, name: feature, region: '990001', subject, parameter: subject, period: 'hour', since, value: null, unit: '', limit: null, flags, why: '', why_en: '', simulated: true,
})
const alert = (key: string, number = 1, feature = key): Alert => ({ ...row('exceedance', feature, 'x'), key, words: '', number })

describe('figures', () => {
  it('never rounds a share up to 100 while something is missing', () => {
    expect(percent(218, 218)).toBe('100.0')
    expect(percent(9999, 10000)).toBe('99.9')
    expect(percent(209, 218)).toBe('95.9')
    expect(percent(0, 0)).toBe('—')
  })
  it('leads each count to what it counts', async () => {
    const now = {
      time: 0, simulated: true, devices: 218, devices_online: 209, values_last_hour: 5, alerts: { exceedance: 2 },
      counts: [{ kind: 'outlet', places: 68, online: 0, offline: 0, stale: 0, exceeding: 1 }],
    }
    const { wrapper } = await mounted(DeskFigures, { now, alerts: 2 })
    expect(wrapper.find('[data-figure=devices] a').attributes('href')).toBe('/network')
    expect(wrapper.find('[data-figure=devices]').text()).toContain('95.9')
    expect(wrapper.find('[data-figure=outlet]').text()).toContain('超标 1')
    expect(wrapper.find('[data-figure=alerts]').text()).toContain('超标 2')
  })
})

describe('standings', () => {
  const places = [place('a', standing(1, '30')), place('b', standing(2, '80')), place('c', null), place('d', standing(2, '95'))]
  it('puts the worst first and leaves out what has none', () => {
    expect(worstFirst(places).map((one) => one.feature)).toEqual(['d', 'b', 'a'])
  })
  it('counts classes, and says them in words', async () => {
    expect(byGrade(places).map((one) => [one.level, one.number])).toEqual([[1, 1], [2, 2]])
    const { wrapper } = await mounted(GradeBar, { places, label: '空气质量' })
    expect(wrapper.attributes('aria-label')).toBe('空气质量：优 1，良 2')
  })
})

describe('alerts', () => {
  it('makes one of the doubts of one place for one reason', () => {
    const rows = [
      row('suspect', 'P1', 'COD', '1', ['maintenance']),
      row('suspect', 'P1', 'pH', '1', ['maintenance']),
      row('suspect', 'P2', 'pH', '1', ['maintenance']),
      row('exceedance', 'P1', 'COD'),
      row('exceedance', 'P1', 'pH'),
    ]
    expect(grouped(rows).map((group) => group.length)).toEqual([2, 1, 1, 1])
  })
  it('ranks places by their alerts', () => {
    expect(busiest([alert('k1', 2, 'P1'), alert('k2', 1, 'P2'), alert('k3', 3, 'P1')]).map((one) => [one.feature, one.number])).toEqual([
      ['P1', 5],
      ['P2', 1],
    ])
  })
  it('interrupts by what is new, not by what was there, and goes on by itself', async () => {
    vi.useFakeTimers()
    const alerts = ref<Alert[]>([])
    const scope = effectScope()
    const found = scope.run(() => useInterrupting(alerts, 1_000))
    alerts.value = [alert('old')]
    await nextTick()
    expect(found?.now.value).toBeNull()
    alerts.value = [alert('new'), alert('newer'), alert('old')]
    await nextTick()
    expect(found?.now.value?.key).toBe('new')
    vi.advanceTimersByTime(1_100)
    expect(found?.now.value?.key).toBe('newer')
    vi.advanceTimersByTime(1_100)
    expect(found?.now.value).toBeNull()
    scope.stop()
  })
})
