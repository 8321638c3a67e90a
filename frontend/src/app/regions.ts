export interface Region {
  code: string
  name: string
  name_en?: string | null
  parent?: string | null
}
export interface Branch {
  value: string
  label: string
  children?: Branch[]
}

/** Regions as a tree; one whose parent is not among them stands at the top. */
export function branches(regions: Region[], english: boolean): Branch[] {
  const codes = new Set(regions.map((region) => region.code))
  const below = new Map<string, Region[]>()
  for (const region of regions) {
    const parent = region.parent && codes.has(region.parent) ? region.parent : ''
    below.set(parent, [...(below.get(parent) ?? []), region])
  }
  const grow = (parent: string): Branch[] =>
    (below.get(parent) ?? []).map((region) => {
      const children = grow(region.code)
      const label = (english && region.name_en) || region.name
      return { value: region.code, label, ...(children.length ? { children } : {}) }
    })
  return grow('')
}
