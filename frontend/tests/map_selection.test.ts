import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { subtree } from '@/desk/places'
import { owners } from '@/enterprises/chosen'
import { useSelection } from '@/map/selection'
import ListTable from '@/parts/ListTable.vue'
import { placeOf, type Field, type Held } from '@/registers/table'
import { mounted } from './parts/mounting'

const columns = [{ key: 'code', title: '编码' }]
const rows = [{ code: 'A1' }, { code: 'A2' }, { code: 'A3' }]
const field = (name: string): Field => ({ name, kind: 'code', zh: name, en: name, required: false, editable: false, filter: true, sort: true, search: false, target: '', least: null, most: null, choices: [] })
const held = (names: string[], placed: boolean): Held => ({ kind: 'x', address: 'x', zh: '', en: '', key: 'code', columns: names.map(field), path: '', due: '', placed })

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(() => {
  document.body.innerHTML = ''
})

it('counts every place until it filters, then the chosen ones only', () => {
  setActivePinia(createPinia())
  const selection = useSelection()
  selection.choose(['A1', 'A1', 'A2'], 'polygon')
  expect([selection.count, selection.codes, selection.has('B')]).toEqual([2, null, true])
  selection.filtering = true
  expect([selection.codes, selection.has('A1'), selection.has('B')]).toEqual([['A1', 'A2'], true, false])
  selection.clear()
  expect([selection.codes, selection.has('B')]).toEqual([null, true])
})
it('leaves the chosen rows of a list that tells places, and all rows of others', async () => {
  const { wrapper } = await mounted(ListTable, { name: 'x', title: '点位', columns, rows, placed: 'code' })
  const other = await mounted(ListTable, { name: 'y', title: '其他', columns, rows })
  const selection = useSelection(wrapper.vm.$pinia)
  selection.choose(['A2'], 'box')
  selection.filtering = true
  await nextTick()
  expect(wrapper.findAll('tbody tr').map((row) => row.text())).toEqual(['A2'])
  expect(other.wrapper.findAll('tbody tr')).toHaveLength(3)
})
it('asks the API for the chosen codes, and for none where nothing is chosen', async () => {
  const asked: unknown[] = []
  const load = (query: Record<string, unknown>) => {
    asked.push(query.feature)
    return Promise.resolve({ items: [], total: 0 })
  }
  sessionStorage.setItem('huanzhi.selection', JSON.stringify({ codes: ['A1', 'A2'], by: 'box', ring: [], filtering: true }))
  const { wrapper } = await mounted(ListTable, { name: 'z', title: '点位', columns, load, placed: 'feature' })
  const selection = useSelection(wrapper.vm.$pinia)
  selection.choose([], 'list')
  await nextTick()
  await nextTick()
  expect(asked).toEqual(['A1,A2', '-'])
})
it('knows which column of a table tells the place, and whose the outlets are', () => {
  expect(placeOf(held(['code', 'lon'], true))).toBe('code')
  expect(placeOf(held(['code', 'enterprise', 'outlet'], false))).toBe('outlet')
  expect(placeOf(held(['code'], false))).toBeUndefined()
  expect(owners(['O1', 'A1'], [{ enterprise: 'E1' }, { enterprise: 'E1' }])).toEqual(['O1', 'A1', 'E1'])
})
it('cuts codes of regions to the beginning of their subtree', () => {
  expect(['330200', '330000', '990001100', ''].map(subtree)).toEqual(['3302', '33', '990001100', ''])
})
