import type { Words } from '@/app/words'

export default {
  chosen: { zh: '已选', en: 'selected' },
  title: { zh: '搜索', en: 'Search' },
  hint: { zh: '名称、编码、拼音或首字母', en: 'Name, code, pinyin or initials' },
  words: { zh: '可查找区域、站点、断面、企业、排放口、设备、人员、标准条款、指标和页面。', en: 'Regions, stations, sections, enterprises, outlets, devices, people, standards and clauses, parameters and pages.' },
  found: { zh: '搜索结果', en: 'Found' },
  none: { zh: '没有找到“{words}”', en: 'Nothing found for “{words}”' },
} satisfies Words
