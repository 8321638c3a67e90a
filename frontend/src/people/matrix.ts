import type { Roles, Rule } from './shapes'

/** What a role may do to a group of things; `mark` says where only: one's own organisation, or things one handles. */
export interface Right {
  action: string
  mark: '' | 'own' | 'handler'
}
export type Matrix = Record<string, Record<string, Right[]>>

export const rolesOf = (rule: Rule, found: Roles): string[] => rule.roles.filter((one) => found.roles.some((role) => role.code === one))

function markOf(rule: Rule): Right['mark'] {
  if (rule.sensitivity.length === 1 && rule.sensitivity[0] === 'restricted') return 'handler'
  return rule.reach === 'own' ? 'own' : ''
}

/** Role → group of things → rights, in the order of the actions; the widest rule of several counts. */
export function matrixOf(found: Roles): Matrix {
  const marks: Record<string, Record<string, Record<string, Right['mark']>>> = {}
  for (const rule of found.rules) {
    const mark = markOf(rule)
    for (const role of rolesOf(rule, found)) {
      for (const group of rule.groups) {
        const cell = ((marks[role] ??= {})[group] ??= {})
        for (const action of rule.actions) if (cell[action] !== '') cell[action] = mark || ''
      }
    }
  }
  const ordered = (cell: Record<string, Right['mark']>): Right[] =>
    found.actions.filter((action) => action in cell).map((action) => ({ action, mark: cell[action] ?? '' }))
  return Object.fromEntries(
    Object.entries(marks).map(([role, row]) => [role, Object.fromEntries(Object.entries(row).map(([group, cell]) => [group, ordered(cell)]))]),
  )
}
