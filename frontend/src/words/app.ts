import type { Words } from '@/app/words'

export default {
  name: { zh: '环治', en: 'Huanzhi' },
  rail: { zh: '主导航', en: 'Main navigation' },
  skip: { zh: '跳到正文', en: 'Skip to content' },
  desk: { zh: '值班台', en: 'Duty desk' },
  map: { zh: '一图', en: 'Map' },
  network: { zh: '监测网络', en: 'Network' },
  assess: { zh: '评价', en: 'Assessment' },
  rankings: { zh: '排名', en: 'Rankings' },
  imports: { zh: '导入', en: 'Import' },
  registers: { zh: '台账', en: 'Registers' },
  reports: { zh: '报告', en: 'Reports' },
  standards: { zh: '标准', en: 'Standards' },
  people: { zh: '人员权限', en: 'People' },
  audit: { zh: '审计', en: 'Audit' },
  light: { zh: '浅色', en: 'Light' },
  dark: { zh: '深色', en: 'Dark' },
  other_language: { zh: 'English', en: '中文' },
  sign_out: { zh: '退出', en: 'Sign out' },
  nowhere: { zh: '没有这个页面', en: 'There is no such page' },
  nowhere_words: { zh: '地址可能已变更，请从左侧导航进入。', en: 'The address may have changed; please use the navigation.' },
} satisfies Words
