import type { Roles, Rule } from './shapes'

/** The roles that a rule names; `roles` may name sets that the API has already opened. */
export const rolesOf = (rule: Rule, found: Roles): string[] => rule.roles.filter((one) => found.roles.some((role) => role.code === one))

/** Role → group of things → actions, in the order of the actions. */
export function matrixOf(found: Roles): Record<string, Record<string, string[]>> {
  const matrix: Record<string, Record<string, Set<string>>> = {}
  for (const rule of found.rules) {
    for (const role of rolesOf(rule, found)) {
      for (const group of rule.groups) {
        const cell = ((matrix[role] ??= {})[group] ??= new Set())
        rule.actions.forEach((action) => cell.add(action))
      }
    }
  }
  const ordered = (cell: Set<string>): string[] => [...cell].sort((a, b) => found.actions.indexOf(a) - found.actions.indexOf(b))
  return Object.fromEntries(
    Object.entries(matrix).map(([role, row]) => [role, Object.fromEntries(Object.entries(row).map(([group, cell]) => [group, ordered(cell)]))]),
  )
}
