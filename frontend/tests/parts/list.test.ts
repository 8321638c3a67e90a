import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import ListTable from '@/parts/ListTable.vue'
import { csvOf, sumOf, windowOf, type Column } from '@/parts/list/columns'
import { mounted } from './mounting'

const columns: Column[] = [
  { key: 'code', title: '编码', link: (row) => `/places/${row.code}` },
  { key: 'name', title: '名称', filter: {} },
  { key: 'value', title: '浓度', unit: 'μg/m³', kind: 'number', sum: true },
  { key: 'kind', title: '类别', filter: { choices: [{ value: 'a', title: '甲类' }] } },
]
const rows = [
  { code: 'A1', name: '一号', value: '0.1', kind: 'a' },
  { code: 'A2', name: '二号', value: '0.25', kind: 'b' },
]

beforeEach(() => localStorage.clear())
afterEach(() => {
  document.body.innerHTML = ''
  vi.restoreAllMocks()
})

describe('numbers of a list', () => {
  it('adds decimals exactly', () => {
    expect(sumOf(rows, 'value')).toBe('0.35')
    expect(sumOf([{ v: '-0.10' }, { v: '0.05' }, { v: null }, { v: '<0.01' }], 'v')).toBe('-0.05')
    expect(sumOf([], 'v')).toBe('0')
  })
  it('writes CSV as seen, and disarms formulas', () => {
    const text = csvOf([{ code: '=1+1', name: 'a,"b"', value: '-3', kind: '' }], columns)
    expect(text).toBe('编码,名称,浓度 (μg/m³),类别\r\n\'=1+1,"a,""b""",-3,\r\n')
  })
  it('draws a window of long lists', () => {
    expect(windowOf(0, 320, 32, 5000)).toEqual([0, 30])
    expect(windowOf(32_000, 320, 32, 5000)).toEqual([980, 1030])
  })
})

describe('ListTable', () => {
  it('shows rows, totals and what they total', async () => {
    const { wrapper } = await mounted(ListTable, { name: 'x', title: '点位', columns, rows })
    expect(wrapper.findAll('tbody tr')).toHaveLength(2)
    expect(wrapper.find('.list-foot').text()).toContain('点位共 2 项')
    expect(wrapper.find('.list-foot').text()).toContain('0.35')
    expect(wrapper.find('tbody a').attributes('href')).toBe('/places/A1')
  })
  it('orders by a heading and keeps the order in the address', async () => {
    const { wrapper, router } = await mounted(ListTable, { name: 'x', title: '点位', columns, rows })
    const head = wrapper.findAll('th button')[2]
    await head?.trigger('click')
    await head?.trigger('click')
    await flushPromises()
    expect(wrapper.findAll('tbody tr')[0]?.text()).toContain('A2')
    expect(router.currentRoute.value.query['x.sort']).toBe('-value')
    expect(wrapper.findAll('th')[2]?.attributes('aria-sort')).toBe('descending')
  })
  it('filters by the address and says the filter in words', async () => {
    const { wrapper } = await mounted(ListTable, { name: 'x', title: '点位', columns, rows }, {}, '/?x.f.kind=a')
    expect(wrapper.findAll('tbody tr')).toHaveLength(1)
    expect(wrapper.find('.chip').text()).toContain('类别为甲类')
    await wrapper.find('.chip').trigger('click')
    expect(wrapper.findAll('tbody tr')).toHaveLength(2)
  })
  it('windows what is long and still says how many there are', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({ code: `C${index}`, name: '', value: '1', kind: '' }))
    const { wrapper } = await mounted(ListTable, { name: 'y', title: '点位', columns, rows: many })
    expect(wrapper.findAll('tbody tr').length).toBeLessThan(100)
    expect(wrapper.find('.list-foot').text()).toContain('点位共 5000 项')
    expect(wrapper.find('.list-foot').text()).toContain('5000 μg/m³')
  })
  it('moves by keys and opens by Enter', async () => {
    const { wrapper } = await mounted(ListTable, { name: 'x', title: '点位', columns, rows })
    const box = wrapper.find('.list-scroller')
    await box.trigger('keydown', { key: 'ArrowDown' })
    await box.trigger('keydown', { key: 'ArrowDown' })
    await box.trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('open')?.[0]).toEqual([rows[1]])
  })
  it('reads pages of the API and says why it could not', async () => {
    const load = vi.fn().mockResolvedValue({ items: rows, total: 7 })
    const { wrapper } = await mounted(ListTable, { name: 'z', title: '设备', columns, load })
    await flushPromises()
    expect(load).toHaveBeenCalledWith(expect.objectContaining({ limit: 200, offset: 0 }))
    expect(wrapper.find('.list-foot').text()).toContain('设备共 7 项，已显示 2 项')
    const refused = Object.assign(new Error('no'), { status: 403 })
    const other = await mounted(ListTable, { name: 'w', title: '设备', columns, load: vi.fn().mockRejectedValue(refused) })
    await flushPromises()
    expect(other.wrapper.text()).toContain('无权查看')
  })
  it('runs a verb on what is picked', async () => {
    const run = vi.fn()
    const { wrapper } = await mounted(ListTable, { name: 'x', title: '点位', columns, rows, verbs: [{ key: 'mark', title: '标记', run }] })
    await wrapper.findAll('tbody input')[1]?.setValue(true)
    const verb = wrapper.findAll('button').find((one) => one.text().startsWith('标记'))
    await verb?.trigger('click')
    expect(run).toHaveBeenCalledWith([rows[1]])
  })
})
