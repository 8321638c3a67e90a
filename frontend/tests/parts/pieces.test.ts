import { afterEach, describe, expect, it } from 'vitest'
import { address } from '@/api/client'
import { speak } from '@/app/i18n'
import { pageOf, verbsOf } from '@/parts/addresses'
import DetailPage from '@/parts/DetailPage.vue'
import { fileName } from '@/parts/saving'
import WhyPanel from '@/parts/WhyPanel.vue'
import { ago, moment, said } from '@/parts/words'
import { stateOf } from '@/parts/useApi'
import { mounted } from './mounting'

afterEach(() => {
  document.body.innerHTML = ''
  speak('zh')
})

describe('words', () => {
  it('says moments in China time', () => {
    expect(moment('2026-03-01T00:00:00Z')).toBe('2026-03-01 08:00')
    expect(moment('2026-02-28T16:00:00+00:00')).toBe('2026-03-01 00:00')
    expect(moment('')).toBe('')
    expect(moment('2026年')).toBe('2026年')
  })
  it('says ages in the language of the reader', () => {
    const now = Date.parse('2026-03-01T08:00:00+08:00')
    expect(ago('2026-03-01T07:55:00+08:00', now)).toBe('5分钟前')
    speak('en')
    expect(ago('2026-03-01T05:00:00+08:00', now)).toBe('3 hours ago')
    expect(said({ zh: '水', en: 'Water' })).toBe('Water')
  })
  it('names files by what and when', () => {
    expect(fileName('devices', 'csv', new Date('2026-03-01T00:00:00Z'))).toBe('devices-20260301-0800.csv')
  })
})

describe('addresses', () => {
  it('leaves out what is empty and repeats lists', () => {
    expect(address('/api/v1/x', { a: 1, b: '', c: null, d: ['p', 'q'] })).toBe('/api/v1/x?a=1&d=p&d=q')
  })
  it('gives each kind its page and its verbs', () => {
    expect(pageOf('enterprise', '91X')).toBe('/enterprises/91X')
    expect(pageOf('nobody knows', 'x')).toBeNull()
    expect(verbsOf('station', 'S1').map((verb) => verb.key)).toEqual(['open', 'on_map', 'curve', 'history'])
  })
})

describe('states of a reading', () => {
  it.each([
    [false, null, 'loading'],
    [true, null, 'ready'],
    [true, 500, 'ready'],
    [false, 500, 'error'],
    [false, 403, 'no_right'],
    [true, 401, 'no_right'],
    [false, 404, 'absent'],
  ])('here %s, status %s: %s', (here, status, expected) => {
    const fault = status === null ? null : Object.assign(new Error(''), { status })
    expect(stateOf(here, fault)).toBe(expected)
  })
})

describe('DetailPage', () => {
  it('turns tabs by the address and by keys', async () => {
    const tabs = [
      { name: 'curve', title: '曲线' },
      { name: 'table', title: '表' },
    ]
    const { wrapper, router } = await mounted(DetailPage, { name: '一号站', tabs, simulated: true }, { curve: 'C', table: 'T' }, '/p#table')
    expect(wrapper.find('[role=tabpanel]').text()).toBe('T')
    expect(wrapper.find('h1').text()).toContain('模拟')
    await wrapper.find('[role=tablist]').trigger('keydown', { key: 'ArrowLeft' })
    await new Promise((done) => setTimeout(done))
    expect(router.currentRoute.value.hash).toBe('#curve')
  })
})

describe('WhyPanel', () => {
  it('shows result, steps with clauses, inputs and cautions', async () => {
    const explanation = {
      inputs: { 'PM2.5': '35 μg/m³' },
      editions: ['HJ 633-2026'],
      steps: [{ text: '分指数为 50', clause: 'HJ 633-2026 5.1' }],
      result: { AQI: 50 },
      cautions: ['表未核对'],
    }
    const { wrapper } = await mounted(WhyPanel, { explanation })
    for (const words of ['50', '分指数为 50', 'HJ 633-2026 5.1', '35 μg/m³', '表未核对']) expect(wrapper.text()).toContain(words)
  })
})
