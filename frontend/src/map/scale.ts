/** The longest round length that fits 110 px. */
export function roundLength(metresPerPixel: number, pixels = 110): number {
  const most = metresPerPixel * pixels
  const power = 10 ** Math.floor(Math.log10(most))
  return ([5, 2, 1].find((one) => one * power <= most) ?? 1) * power
}
