import type { Words } from '@/app/words'

export default {
  title: { zh: '报告', en: 'Reports' },
  region: { zh: '地区', en: 'Region' },
  all_regions: { zh: '全部地区', en: 'All regions' },
  issuer: { zh: '落款单位', en: 'Issued by' },
  make: { zh: '生成并存档', en: 'Make and keep' },
  made: { zh: '已存档的报告（{number}）', en: 'Reports kept ({number})' },
  none_made: { zh: '生成的 Word、Excel 和网页报告会存在这里。', en: 'Reports made as Word file, workbook and page are kept here.' },
  at: { zh: '生成时间', en: 'Made at' },
  by: { zh: '生成人', en: 'Made by' },
  edition: { zh: '标准版本', en: 'Edition' },
  files: { zh: '文件', en: 'Files' },
  generated: { zh: '{day} 生成', en: 'made on {day}' },
  cautions: { zh: '存疑', en: 'Doubts' },
  onepage: { zh: '领导一页纸', en: 'One page for leaders' },
  first_rows: { zh: '列出前 {here} 行，共 {total} 行，全文见报告。', en: 'The first {here} of {total} rows; all in the report.' },
  doubts: { zh: '所用标准表中有 {number} 个未完全核实，详见报告。', en: '{number} of the tables used are not fully confirmed; see the report.' },
} satisfies Words
