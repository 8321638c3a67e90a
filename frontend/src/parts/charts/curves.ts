/** Draws curves: limits as steps, gaps as gaps, what is below detection and what exceeds as marks, flags under the axis. */
import type { Option } from './engine'
import type { Curve, FlagStretch, LimitStep, Table } from './model'
import type { Palette } from './palette'
import { axisMoment, onAxis, plainTime } from './times'

/** Words and switches of a drawing; the words are those of the reader's language. */
export interface Look {
  words: Record<'below' | 'exceeds' | 'flags' | 'marks' | 'missing' | 'limit' | 'year' | 'before' | 'reference' | 'simulated' | 'substituted', string>
  motion: number
  narrow: boolean
}
type Point = [number, number | null]

/** How the code lists write that a quantity has no unit. */
export const PLAIN = '无量纲'

/** Points of a curve; a missing value is a gap, never nothing. `shift` moves another span over this one. */
export function points(curve: Curve, shift = 0): Point[] {
  return curve.times.map((time, k) => {
    const value = curve.values[k]
    return [onAxis(time) + shift, value === null || value === undefined ? null : Number(value)]
  })
}

/** A limit as a line of steps; where two do not touch there is a gap. */
export function stepsOf(limits: LimitStep[]): Point[] {
  const drawn: Point[] = []
  for (const one of [...limits].sort((a, b) => a.from.localeCompare(b.from))) {
    const last = drawn.at(-1)
    if (last && last[0] !== onAxis(one.from)) drawn.push([last[0], null])
    drawn.push([onAxis(one.from), Number(one.value)], [onAxis(one.to), Number(one.value)])
  }
  return drawn
}

/** The limit that a value lies beyond, of those that judge it. */
export function beyond(limits: LimitStep[], at: number, value: number): LimitStep | undefined {
  return limits.find(
    (one) =>
      one.applies &&
      onAxis(one.from) <= at &&
      at < onAxis(one.to) &&
      (one.bound === 'upper' ? value > Number(one.value) : value < Number(one.value)),
  )
}

const limitName = (one: LimitStep): string => `${one.standard} ${one.grade}`.trim()

/** Limits by what they are: those of one bound and grade are one line through all editions. */
export function limitLines(limits: LimitStep[]): LimitStep[][] {
  const lines = new Map<string, LimitStep[]>()
  for (const one of limits) {
    const key = `${one.bound} ${one.basis} ${one.applies}`
    lines.set(key, [...(lines.get(key) ?? []), one])
  }
  return [...lines.values()]
}

export function curveName(curve: Curve, look: Look, several: boolean): string {
  const span = curve.against === 'year' ? look.words.year : curve.against ? look.words.before : ''
  const name = several ? `${curve.name} ${curve.parameter.symbol}` : curve.parameter.symbol
  return span ? `${name} ${span}` : name
}

export function curvesOption(curves: Curve[], colours: Palette, look: Look): Option {
  const first = curves[0]
  if (!first) return {}
  const several = new Set(curves.map((one) => one.feature)).size > 1
  const stretches = bands(first, look)
  const bottom = 48 + (stretches.length ? 22 : 0)
  return {
    useUTC: true,
    animation: look.motion > 0,
    animationDuration: look.motion,
    animationDurationUpdate: look.motion,
    aria: { enabled: true },
    textStyle: { fontFamily: colours.font, color: colours.ink },
    legend: { top: 0, left: 0, type: 'scroll', itemHeight: 8, textStyle: { color: colours.ink, fontSize: 12 }, pageTextStyle: { color: colours.ink } },
    tooltip: tooltip(curves, colours, look, several),
    grid: [
      { left: 56, right: look.narrow ? 12 : 24, top: 52, bottom },
      { left: 56, right: look.narrow ? 12 : 24, height: 14, bottom: 44 },
    ],
    dataZoom: [
      { type: 'inside', xAxisIndex: [0, 1], filterMode: 'none', zoomOnMouseWheel: 'ctrl' },
      { type: 'slider', xAxisIndex: [0, 1], filterMode: 'none', height: 14, bottom: 2, showDataShadow: false, brushSelect: false, labelFormatter: (at: number) => axisMoment(at), borderColor: colours.line, fillerColor: colours.veil, handleStyle: { color: colours.ground, borderColor: colours.soft }, moveHandleSize: 0, textStyle: { color: colours.soft, fontSize: 11 } },
    ],
    xAxis: [timeAxis(first, colours, !stretches.length), { ...timeAxis(first, colours, true), gridIndex: 1, axisTick: { show: false }, show: stretches.length > 0 }],
    yAxis: [
      { type: 'value', scale: false, name: named(first), nameLocation: 'end', nameTextStyle: { color: colours.soft, align: 'left', padding: [0, 0, 0, -48] }, axisLabel: { color: colours.soft }, splitLine: { lineStyle: { color: colours.line } } },
      { type: 'category', gridIndex: 1, data: [''], show: false },
    ],
    series: [
      ...curves.map((one, number) => lineOf(one, first, number, colours, look, several)),
      ...marksOf(first, colours, look),
      ...limitLines(first.limits).map((line) => limitOf(line, colours, look)),
      bandOf(stretches, colours),
    ],
  }
}

const named = (curve: Curve): string => (curve.parameter.unit && curve.parameter.unit !== PLAIN ? `${curve.parameter.symbol} (${curve.parameter.unit})` : curve.parameter.symbol)

function timeAxis(first: Curve, colours: Palette, labels: boolean): Option {
  return {
    type: 'time',
    min: onAxis(first.start),
    max: onAxis(first.end),
    axisLabel: { show: labels, color: colours.soft, hideOverlap: true, fontSize: 11, formatter: { year: '{yyyy}', month: '{yyyy}-{MM}', day: '{MM}-{dd}', hour: '{HH}:{mm}', minute: '{HH}:{mm}', second: '{HH}:{mm}:{ss}' } },
    axisLine: { lineStyle: { color: colours.soft } },
    splitLine: { show: false },
  }
}

/** One curve: the first is the one that is read, another span is a thin line. */
function lineOf(curve: Curve, first: Curve, number: number, colours: Palette, look: Look, several: boolean): Option {
  const shift = curve.against ? onAxis(first.start) - onAxis(curve.start) : 0
  const colour = curve.against ? colours.soft : colours.series[number % colours.series.length]
  return {
    type: 'line',
    name: curveName(curve, look, several),
    data: points(curve, shift),
    connectNulls: false,
    sampling: 'minmax',
    showSymbol: curve.times.length < 60,
    symbolSize: 4,
    lineStyle: { width: curve.against ? 1 : 1.6, color: colour, type: curve.against === 'before' ? 'dotted' : 'solid' },
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    z: curve.against ? 2 : 3,
  }
}

/** Marks on the curve that is read: below detection as an empty triangle at the limit of detection, beyond a limit as a full point. */
function marksOf(curve: Curve, colours: Palette, look: Look): Option[] {
  const below = new Set(curve.below_detection)
  const all = points(curve)
  const there = (keep: (point: Point, k: number) => boolean): Point[] => all.filter((point, k) => point[1] !== null && keep(point, k))
  const under = there((_, k) => below.has(k))
  const over = there((point, k) => !below.has(k) && beyond(curve.limits, point[0], point[1] as number) !== undefined)
  return [
    ...(under.length ? [{ type: 'scatter', name: look.words.below, data: under, symbol: 'triangle', symbolRotate: 180, symbolSize: 7, itemStyle: { color: colours.ground, borderColor: colours.series[0], borderWidth: 1.2 }, z: 5, tooltip: { show: false } }] : []),
    ...(over.length ? [{ type: 'scatter', name: look.words.exceeds, data: over, symbol: 'circle', symbolSize: over.length > 400 ? 3 : 6, itemStyle: { color: colours.limit }, z: 6, tooltip: { show: false } }] : []),
  ] as Option[]
}

function limitOf(line: LimitStep[], colours: Palette, look: Look): Option {
  const judged = line.some((one) => one.applies)
  const last = line.at(-1) as LimitStep
  const ends = [...new Set(line.map((one) => `${one.value}`))].join(' → ')
  return {
    type: 'line',
    name: judged ? `${look.words.limit} ${last.grade} ${ends}` : `${look.words.reference} ${last.grade} ${ends}`,
    data: stepsOf(line),
    connectNulls: false,
    symbol: 'none',
    silent: true,
    lineStyle: { color: judged ? colours.limit : colours.soft, type: judged ? 'dashed' : [2, 4], width: 1.4 },
    itemStyle: { color: judged ? colours.limit : colours.soft },
    endLabel: look.narrow ? { show: false } : { show: true, color: judged ? colours.limit : colours.soft, fontSize: 11, align: 'right', offset: [-4, -9], formatter: () => `${limitName(last)} ${last.bound === 'lower' ? '≥' : '≤'}${last.value}` },
    emphasis: { disabled: true },
    z: 4,
  }
}

export interface Band {
  from: number
  to: number
  words: string
  kind: 'flag' | 'mark'
}

/** What lies under the axis: flags of the device, marks of the review. */
export function bands(curve: Curve, look: Pick<Look, 'words'>): Band[] {
  const band = (one: { start: string; end: string }, words: string, kind: Band['kind']): Band => ({
    from: onAxis(one.start),
    to: Math.max(onAxis(one.end), onAxis(one.start) + 60_000),
    words,
    kind,
  })
  return [
    ...curve.flags.map((one: FlagStretch) => band(one, `${look.words.flags} ${one.words}`, 'flag')),
    ...curve.marks.map((one) => band(one, `${look.words.marks} ${one.words}${one.reason ? ` ${one.reason}` : ''}`, 'mark')),
  ]
}

function bandOf(found: Band[], colours: Palette): Option {
  return {
    type: 'custom',
    xAxisIndex: 1,
    yAxisIndex: 1,
    silent: true,
    clip: true,
    data: found.map((one) => [one.from, one.to, one.kind === 'mark' ? 1 : 0]),
    encode: { x: [0, 1] },
    tooltip: { show: false },
    renderItem: (_: unknown, api: { value: (n: number) => number; coord: (at: [number, number]) => [number, number] }) => {
      const [left, middle] = api.coord([api.value(0), 0])
      const [right] = api.coord([api.value(1), 0])
      const mark = api.value(2) === 1
      return {
        type: 'rect',
        shape: { x: left, y: middle - (mark ? 0 : 6), width: Math.max(2, right - left), height: 5 },
        style: { fill: mark ? colours.warning : colours.series[4] },
      }
    },
  }
}

function tooltip(curves: Curve[], colours: Palette, look: Look, several: boolean): Option {
  const first = curves[0] as Curve
  const shown = bands(first, look)
  const byTime = curves.map((curve) => {
    const shift = curve.against ? onAxis(first.start) - onAxis(curve.start) : 0
    return new Map(curve.times.map((time, k) => [onAxis(time) + shift, k]))
  })
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    transitionDuration: 0,
    backgroundColor: colours.ground,
    borderColor: colours.line,
    textStyle: { color: colours.ink, fontSize: 12 },
    axisPointer: { type: 'line', lineStyle: { color: colours.soft } },
    formatter: (given: unknown) => {
      const at = Number((given as { axisValue: number }[])[0]?.axisValue ?? NaN)
      if (Number.isNaN(at)) return ''
      const lines = [axisMoment(at, true)]
      curves.forEach((curve, number) => {
        const k = byTime[number]?.get(at)
        if (k === undefined) return
        lines.push(`${curveName(curve, look, several)}  ${valueText(curve, k, look)}${curve.against ? `（${plainTime(curve.times[k] ?? '')}）` : ''}`)
      })
      for (const one of first.limits)
        if (onAxis(one.from) <= at && at < onAxis(one.to))
          lines.push(`${one.applies ? look.words.limit : look.words.reference} ${limitName(one)} ${one.clause}  ${one.bound === 'lower' ? '≥' : '≤'}${one.value} ${one.unit}`)
      for (const one of shown) if (one.from <= at && at < one.to) lines.push(one.words)
      return lines.join('\n')
    },
  }
}

/** A value as it is read: missing is said, below detection is `<0.01`. */
export function valueText(curve: Curve, k: number, look: Pick<Look, 'words'>): string {
  const value = curve.values[k]
  if (value === null || value === undefined) return look.words.missing
  const sign = curve.below_detection.includes(k) ? '<' : ''
  const put = curve.substituted.includes(k) ? ` ${look.words.substituted}` : ''
  return `${sign}${value} ${curve.parameter.unit}${put}`.trim()
}

/** The table behind the curves, one row a time of the first curve. */
export function curvesTable(curves: Curve[], look: Look, heads: { time: string; limit: string; flags: string }): Table {
  const first = curves[0]
  if (!first) return { columns: [], rows: [] }
  const several = new Set(curves.map((one) => one.feature)).size > 1
  const below = curves.map((one) => new Set(one.below_detection))
  const shown = bands(first, look)
  const rows = first.times.map((time, k) => {
    const at = onAxis(time)
    const limits = first.limits.filter((one) => onAxis(one.from) <= at && at < onAxis(one.to))
    return [
      plainTime(time),
      ...curves.map((one, number) => {
        const value = one.values[k] ?? null
        return value === null ? null : `${below[number]?.has(k) ? '<' : ''}${value}`
      }),
      limits.map((one) => `${one.bound === 'lower' ? '≥' : '≤'}${one.value}`).join(' ') || null,
      shown.filter((one) => one.from <= at && at < one.to).map((one) => one.words).join('；') || null,
    ]
  })
  return {
    columns: [
      { name: heads.time },
      ...curves.map((one) => ({ name: curveName(one, look, several), unit: one.parameter.unit, numeric: true })),
      { name: heads.limit, unit: first.parameter.unit, numeric: true },
      { name: heads.flags },
    ],
    rows,
  }
}
