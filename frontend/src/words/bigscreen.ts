import type { Words } from '@/app/words'

export default {
  title: { zh: '城市生态环境运行', en: 'The city’s environment now' },
  map: { zh: '一图', en: 'Map' },
  slides: { zh: '轮播', en: 'Slides' },
  air: { zh: '空气', en: 'Air' },
  water: { zh: '水', en: 'Water' },
  ranking: { zh: '告警排名', en: 'Most alerts' },
  busiest: { zh: '当前告警最多的点位', en: 'Places with the most alerts now' },
  pause: { zh: '暂停轮播', en: 'Hold' },
  go_on: { zh: '继续轮播', en: 'Go on' },
} satisfies Words
