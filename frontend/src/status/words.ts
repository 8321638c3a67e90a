import type { Language } from './figures'

/** The few words that belong to the page itself; all other text comes with the figures. */
const words = {
  contents: { zh: '目录', en: 'Contents' },
  cautions: { zh: '说明与存疑', en: 'Notes and doubts' },
  simulated: { zh: '模拟数据，不代表任何真实地区', en: 'Simulated data; no real place' },
  table: { zh: '数据表', en: 'Table' },
  chart: { zh: '图', en: 'Chart' },
  print: { zh: '打印', en: 'Print' },
  dark: { zh: '深色', en: 'Dark' },
  light: { zh: '浅色', en: 'Light' },
  other: { zh: 'English', en: '中文' },
  copy: { zh: '复制为 CSV', en: 'Copy as CSV' },
  copied: { zh: '已复制', en: 'Copied' },
  generated: { zh: '生成日期', en: 'Made on' },
  empty: {
    zh: '这里显示状况报告。用 huanzhi report page 生成带数据的页面。',
    en: 'A status report stands here. Make a page with figures by huanzhi report page.',
  },
} as const

export type Word = keyof typeof words

export const say = (word: Word, language: Language): string => words[word][language]
