/** Wind over the map: particles on a canvas of its own; still arrows where motion is not wanted. */
import type { Map, Subscription } from 'maplibre-gl'
import type { Point } from './geodesy'

export interface WindSample {
  at: Point
  /** Metres a second. */
  speed: number
  /** Where the wind comes from, degrees clockwise from north. */
  direction: number
}

/** East and north parts of the wind at a point: the samples, weighted by the square of nearness. */
export function windAt([lon, lat]: Point, samples: WindSample[]): [number, number] {
  let [east, north, all] = [0, 0, 0]
  for (const { at, speed, direction } of samples) {
    const weight = 1 / ((at[0] - lon) ** 2 + (at[1] - lat) ** 2 + 1e-6)
    const turn = (direction * Math.PI) / 180
    east -= weight * speed * Math.sin(turn)
    north -= weight * speed * Math.cos(turn)
    all += weight
  }
  return all ? [east / all, north / all] : [0, 0]
}

const LIFE = 90
const TRAVEL = 0.35

export class WindLayer {
  private readonly canvas = document.createElement('canvas')
  private readonly context: CanvasRenderingContext2D
  private grains: { x: number; y: number; age: number }[] = []
  private samples: WindSample[] = []
  private frame = 0
  private readonly ends: Subscription[]
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)').matches
  private readonly renew = (): void => this.start()
  private readonly wipe = (): void => this.context.clearRect(0, 0, this.canvas.width, this.canvas.height)

  constructor(
    private readonly map: Map,
    private colour: string,
  ) {
    this.canvas.className = 'wind-canvas'
    this.canvas.setAttribute('aria-hidden', 'true')
    this.context = this.canvas.getContext('2d')!
    map.getCanvasContainer().append(this.canvas)
    this.ends = [map.on('moveend', this.renew), map.on('resize', this.renew), map.on('movestart', this.wipe)]
  }

  /** Takes the wind to show; none stops it. */
  show(samples: WindSample[], colour = this.colour): void {
    this.samples = samples
    this.colour = colour
    this.start()
  }

  private start(): void {
    cancelAnimationFrame(this.frame)
    const { clientWidth, clientHeight } = this.map.getContainer()
    this.canvas.width = clientWidth
    this.canvas.height = clientHeight
    if (this.samples.length === 0) return
    this.context.strokeStyle = this.context.fillStyle = this.colour
    if (this.still) return this.arrows()
    const many = Math.min(1200, Math.round((clientWidth * clientHeight) / 1400))
    this.grains = Array.from({ length: many }, () => this.born(Math.random() * LIFE))
    this.step()
  }

  private born(age = 0) {
    return { x: Math.random() * this.canvas.width, y: Math.random() * this.canvas.height, age }
  }

  private blow(x: number, y: number): [number, number] {
    const { lng, lat } = this.map.unproject([x, y])
    return windAt([lng, lat], this.samples)
  }

  private readonly step = (): void => {
    const { context, canvas } = this
    context.globalCompositeOperation = 'destination-in'
    context.globalAlpha = 0.93
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.globalCompositeOperation = 'source-over'
    context.globalAlpha = 0.55
    context.beginPath()
    for (const grain of this.grains) this.move(grain)
    context.stroke()
    this.frame = requestAnimationFrame(this.step)
  }

  private move(grain: { x: number; y: number; age: number }): void {
    const [east, north] = this.blow(grain.x, grain.y)
    this.context.moveTo(grain.x, grain.y)
    grain.x += east * TRAVEL
    grain.y -= north * TRAVEL
    this.context.lineTo(grain.x, grain.y)
    if (grain.age++ > LIFE || grain.x < 0 || grain.y < 0 || grain.x > this.canvas.width || grain.y > this.canvas.height) {
      Object.assign(grain, this.born())
    }
  }

  private arrows(): void {
    const { context, canvas } = this
    context.globalAlpha = 0.6
    for (let x = 40; x < canvas.width; x += 80) {
      for (let y = 40; y < canvas.height; y += 80) this.arrow(x, y)
    }
  }

  private arrow(x: number, y: number): void {
    const [east, north] = this.blow(x, y)
    const long = 8 + Math.min(20, Math.hypot(east, north) * 3)
    this.context.save()
    this.context.translate(x, y)
    this.context.rotate(Math.atan2(-north, east))
    this.context.beginPath()
    this.context.moveTo(-long / 2, 0)
    this.context.lineTo(long / 2, 0)
    this.context.lineTo(long / 2 - 5, -3)
    this.context.moveTo(long / 2, 0)
    this.context.lineTo(long / 2 - 5, 3)
    this.context.stroke()
    this.context.restore()
  }

  remove(): void {
    cancelAnimationFrame(this.frame)
    for (const end of this.ends) end.unsubscribe()
    this.canvas.remove()
  }
}
