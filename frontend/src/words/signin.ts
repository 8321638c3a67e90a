import type { Words } from '@/app/words'

export default {
  title: { zh: '登录', en: 'Sign in' },
  name: { zh: '用户名', en: 'Name' },
  password: { zh: '密码', en: 'Password' },
  enter: { zh: '登录', en: 'Sign in' },
  failed: { zh: '暂时无法登录，请稍后重试', en: 'Signing in is not possible now; please try again later' },
} satisfies Words
