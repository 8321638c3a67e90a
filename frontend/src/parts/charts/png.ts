/** A picture to keep: the chart with its title, span, source and the time it was taken. */
export interface Caption {
  title: string
  under: string
  foot: string
}
const EDGE = 24

export async function pictured(url: string, caption: Caption, colours: { ground: string; ink: string; soft: string; font: string }): Promise<Blob> {
  const image = new Image()
  image.src = url
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width + 2 * EDGE
  canvas.height = image.height + 170
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('canvas')
  pen.fillStyle = colours.ground
  pen.fillRect(0, 0, canvas.width, canvas.height)
  const write = (text: string, size: number, y: number, colour: string, weight = 400): void => {
    pen.fillStyle = colour
    pen.font = `${weight} ${size}px ${colours.font}`
    pen.fillText(text, EDGE, y, canvas.width - 2 * EDGE)
  }
  write(caption.title, 34, 52, colours.ink, 600)
  write(caption.under, 24, 92, colours.soft)
  pen.drawImage(image, EDGE, 110)
  write(caption.foot, 22, canvas.height - 22, colours.soft)
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('png'))), 'image/png'))
}
