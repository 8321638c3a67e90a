import { describe, expect, it } from 'vitest'
import { lackingOf, visitLacks } from '@/field/lacking'
import { patrolSteps, visitSteps } from '@/field/recipes'
import { blankSigned, type PatrolValues, type VisitValues } from '@/field/shapes'
import { wayOf, worthKeeping } from '@/field/tracker'
import type { Point } from '@/parts/drafts/device'
import { begun, type Draft, type Kept } from '@/parts/drafts/model'
import { clusterless, extent, linesOf, pathOf, projected, scaleBar, shortName } from '@/parts/spots'

const values = (more: Partial<PatrolValues> = {}): PatrolValues => ({
  area: 'WG-1', plan: '', started: 'a', ended: 'b', track: [], checklist: 'water', answers: { a: 'no' }, words: '',
  signed: { way: 'typed', name: '王', statement: 's' }, findings: [], ...more,
})
const schema = { type: 'object', properties: { a: { type: 'string', enum: ['no', 'yes'] } } }
const finding = { id: 'f1', category: 'dust', title: 't', words: '', level: 'general' as const, at: 'a', lon: null, lat: null, handled: false, measures: '' }
const file = (id: string, kind: Kept['kind'], of = ''): Kept => ({ id, draft: 'd', kind, name: 'n', type: '', blob: null, sha256: 'x', size: 1, taken_at: 't', lon: null, lat: null, accuracy: null, of })

describe('what a patrol lacks', () => {
  it('lacks nothing when whole', () => expect(lackingOf(values(), schema, [])).toEqual([]))
  it.each([
    [{ ended: '' }, 'end'],
    [{ answers: {} }, 'answers'],
    [{ findings: [{ ...finding, title: ' ' }] }, 'finding'],
    [{ findings: [{ ...finding, handled: true }] }, 'measures'],
    [{ signed: blankSigned() }, 'signature'],
    [{ signed: { way: 'drawn' as const, name: '', statement: '' } }, 'signature'],
  ])('names %o', (more, what) => expect(lackingOf(values(more), schema, [])).toEqual([what]))
  it('asks a visit for a photo and an outcome', () => {
    const visit: VisitValues = { spot: 's', revision: 1, outcome: '', title: '', category: '', level: 'general', words: '', ground: '', at: '', lon: null, lat: null }
    expect(visitLacks(visit, [])).toEqual(['photo', 'finding'])
    expect(visitLacks({ ...visit, outcome: 'dismissed' }, [file('p', 'photo')])).toEqual(['ground'])
    expect(visitLacks({ ...visit, outcome: 'dismissed', ground: 'gone', words: 'w' }, [file('p', 'photo')])).toEqual([])
  })
})

describe('uploads', () => {
  it('hands in the record first and then each file', () => {
    const draft = { ...begun('patrol', 'w', 't', {}), values: values({ findings: [finding], signed: { way: 'drawn', name: '', statement: '' } }) } as unknown as Draft<PatrolValues>
    const steps = patrolSteps(draft, [file('p1', 'photo', 'f1'), file('s1', 'signature')])
    expect(steps.map((one) => one.path)).toEqual(['/api/v1/patrols', '/api/v1/patrols/{code}/files/p1', '/api/v1/patrols/{code}/files/s1'])
    const body = steps[0]!.json as { client: string; files: { client: string; finding: string }[]; findings: { client: string }[] }
    expect([body.client, body.files[0]!.finding, body.findings[0]!.client]).toEqual([draft.id, 'f1', 'f1'])
    expect(new Set(steps.map((one) => one.key)).size).toBe(3)
  })
  it('names the revision that a visit began from', () => {
    const draft = { ...begun('visit', 'w', 't', {}), values: { spot: 'YG 1', revision: 4, outcome: 'dismissed', title: 'x', category: 'y', ground: 'gone', words: 'w', at: 'a', level: 'general', lon: null, lat: null } } as unknown as Draft<VisitValues>
    const [first] = visitSteps(draft, [])
    expect([first!.path, first!.match, first!.theirs]).toEqual(['/api/v1/sightings/YG%201/visits', '4', '/api/v1/sightings/YG%201'])
    expect(first!.json).toMatchObject({ confirmed: false, ground: 'gone', title: '' })
  })
})

describe('the track', () => {
  const at = (ms: number, lon: number, accuracy = 8): Point => [ms, lon, 29.9, accuracy]
  it('keeps a point a few seconds or metres after the last', () => {
    const track = [at(0, 121.5)]
    expect(worthKeeping([], at(0, 1))).toBe(true)
    expect(worthKeeping(track, at(1_000, 121.5))).toBe(false)
    expect(worthKeeping(track, at(1_000, 121.5001))).toBe(true)
    expect(worthKeeping(track, at(5_000, 121.5))).toBe(true)
    expect(worthKeeping(track, at(0, 122))).toBe(false)
  })
  it('adds up no shaking and no uncertain points', () => {
    expect(wayOf([at(0, 121.5), at(1, 121.50001), at(2, 121.5)])).toBe(0)
    expect(wayOf([at(0, 121.5), at(1, 122.5, 500), at(2, 121.501)])).toBeCloseTo(96.4, 0)
  })
})

describe('the small map', () => {
  const box = extent([{ type: 'Polygon', coordinates: [[[121, 29], [122, 29], [122, 30], [121, 29]]] }])
  const view = projected(box, 400, 300, 1, null)
  it('shows all and goes back and forth', () => {
    expect(box).toEqual([121, 29, 122, 30])
    for (const [lon, lat] of [[121, 29], [122, 30]] as const) {
      const [x, y] = view.place(lon, lat)
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(400)
      expect(view.back(x, y)[0]).toBeCloseTo(lon, 9)
      expect(view.back(x, y)[1]).toBeCloseTo(lat, 9)
    }
    expect(view.place(121, 30)[1]).toBeLessThan(view.place(121, 29)[1])
  })
  it('draws areas closed and lines open; of nothing nothing', () => {
    expect(pathOf({ type: 'LineString', coordinates: [[121, 29], [122, 30]] }, view)).toMatch(/^M[\d. ]+L[\d. ]+$/)
    expect(pathOf({ type: 'Polygon', coordinates: [[[121, 29], [122, 30], [122, 29]]] }, view)).toMatch(/Z$/)
    expect(linesOf({ type: 'GeometryCollection', coordinates: [] })).toEqual([])
    expect(extent([])).toEqual([73, 18, 135, 54])
  })
  it('names no two spots in one place', () => {
    const found = clusterless([{ name: '甲', at: [10, 10] as [number, number] }, { name: '乙', at: [12, 12] as [number, number] }, { name: '丙', at: [999, 1] as [number, number] }], 400, 300)
    expect(found.map((one) => one.labelled)).toEqual([true, false])
    const near = [{ name: '南溪网格水样点', at: [100, 100] as [number, number] }, { name: '北溪网格水样点', at: [160, 106] as [number, number] }, { name: '模拟星石化工有限公司危险废物贮存', at: [110, 200] as [number, number] }]
    const named = clusterless(near, 400, 300)
    expect(named.map((one) => [one.labelled, one.left])).toEqual([[true, true], [true, false], [true, false]])
    expect(shortName(near[2]!.name)).toBe('模拟星石化工有限公司危险废物…')
  })
  it.each([[1, 100], [7, 500], [100, 10_000]])('has a bar of a round length at %i m a pixel', (metres, length) => {
    const bar = scaleBar(metres)
    expect(bar.pixels).toBe(Math.round(length / metres))
    expect(bar.pixels).toBeLessThanOrEqual(120)
  })
})
