/** The name of the built entry, which changes with every build. */
const entryOf = (html: string): string => /src="([^"]*\/assets\/index-[^"]+\.js)"/.exec(html)?.[1] ?? ''

/** Returns whether the server holds another build than the one that runs here. */
export async function isNewer(
  ask: () => Promise<string> = () => fetch('/signin', { cache: 'no-store' }).then((answer) => answer.text()),
  running = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.getAttribute('src') ?? '',
): Promise<boolean> {
  try {
    const there = entryOf(await ask())
    return there !== '' && running !== '' && there !== running
  } catch {
    return false
  }
}
