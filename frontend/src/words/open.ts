import type { Words } from '@/app/words'

export default {
  title: { zh: '环境质量公开', en: 'Environment, open to all' },
  words: { zh: '只含已公开点位的最近一小时数据，未经人工审核。', en: 'The latest hour of the places that are public; not yet reviewed by people.' },
  no_air: { zh: '没有公开的空气站', en: 'No air station is public' },
  no_water: { zh: '没有公开的水质断面', en: 'No water section is public' },
  no_places: { zh: '没有公开的点位', en: 'No place is public' },
  no_words: { zh: '点位的公开级别由管理单位设定。', en: 'Whether a place is public is set by who manages it.' },
  note: { zh: '颜色与类别按现行国家标准。灰色表示没有数据。', en: 'Colours and classes follow the national standards in force. Grey means no data.' },
} satisfies Words
