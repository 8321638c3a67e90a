/*
 * The worker of the screens: keeps the files of the pages that are used without a network, by version of the build.
 * It touches nothing but those pages and the built files of this origin; the API is never answered from here.
 * VERSION, FILES and PAGES are filled in when the screens are built.
 */
const VERSION = '__VERSION__'
const FILES = __FILES__
const PAGES = __PAGES__
const SHELL = '/static/app/index.html'
const BASE = '/static/app/'
const PREFIX = 'huanzhi-shell-'
const PATIENCE = 4000
const KEPT_VERSIONS = 2

self.addEventListener('install', (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()))
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const address = new URL(request.url)
  if (request.method !== 'GET' || address.origin !== self.location.origin) return
  if (request.mode === 'navigate' && PAGES.some((page) => address.pathname === page || address.pathname.startsWith(`${page}/`))) event.respondWith(page(request))
  else if (address.pathname.startsWith(BASE)) event.respondWith(built(request))
})

async function fill() {
  const cache = await caches.open(PREFIX + VERSION)
  await cache.addAll([new Request(SHELL, { cache: 'reload' }), ...FILES])
}

/** Lets go of old versions but for the last: a page that is still open may ask for its parts. */
async function tidy() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX))
  const old = names.filter((name) => name !== PREFIX + VERSION)
  await Promise.all(old.slice(0, Math.max(0, old.length - KEPT_VERSIONS + 1)).map((name) => caches.delete(name)))
}

/** The page from the network where it answers in time, else the kept one. */
async function page(request) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE))
  const fresh = fetch(request).then((answer) => (answer.ok ? answer : undefined)).catch(() => undefined)
  return (await Promise.race([fresh, late])) ?? (await caches.match(SHELL)) ?? (await fresh) ?? Response.error()
}

/** Built files bear a digest in their names: what is kept is right for ever. */
async function built(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}
