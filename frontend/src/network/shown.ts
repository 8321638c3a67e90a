/** A share from 0 to 1 as a percentage with two decimals; nothing where nothing was due. */
export const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(2)}%`)

/** Seconds by which a clock is ahead, signed; nothing where it is not known. */
export function clockOff(seconds: number | null): string {
  if (seconds === null) return '—'
  const rounded = Math.round(seconds)
  return rounded > 0 ? `+${rounded}` : String(rounded)
}

/** Bytes in hexadecimal as lines of sixteen, each with its place and its letters. */
export function hexLines(hex: string): string[] {
  const bytes = hex.match(/../g) ?? []
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const part = bytes.slice(at, at + 16)
    const letters = part.map((byte) => {
      const code = parseInt(byte, 16)
      return code >= 32 && code < 127 ? String.fromCharCode(code) : '·'
    })
    lines.push(`${at.toString(16).padStart(4, '0')}  ${part.join(' ').padEnd(47)}  ${letters.join('')}`)
  }
  return lines
}
