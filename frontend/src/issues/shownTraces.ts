/** Traces of warnings that were shown on this page, by the address of the warning: signed, and given back with the decision. */
export const shownTraces = new Map<string, string>()
