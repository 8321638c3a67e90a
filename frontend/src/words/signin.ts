import type { Words } from '@/app/words'

export default {
  title: { zh: '登录', en: 'Sign in' },
  words: { zh: '生态环境治理平台', en: 'Environmental governance of a city' },
  name: { zh: '用户名', en: 'Name' },
  password: { zh: '密码', en: 'Password' },
  enter: { zh: '登录', en: 'Sign in' },
  failed: { zh: '暂时无法登录，请稍后重试', en: 'Signing in is not possible now; please try again later' },
  simulated: { zh: '这里是模拟城市，数据均为模拟，演示账号见启动窗口。', en: 'This is a simulated city; all data are simulated. The accounts stand in the window it was started from.' },
  ended: { zh: '登录已过期，请重新登录。', en: 'Your session has ended; please sign in again.' },
  oidc: { zh: '统一身份认证登录', en: 'Sign in with your organisation' },
  open: { zh: '公开数据', en: 'Open data' },
  must: { zh: '首次登录或密码被重置后，须先修改密码。', en: 'A first or reset password must be changed before anything else.' },
  old: { zh: '当前密码', en: 'Present password' },
  new: { zh: '新密码', en: 'New password' },
  again: { zh: '再输入一次新密码', en: 'New password again' },
  differ: { zh: '两次输入的新密码不一致', en: 'The two new passwords differ' },
} satisfies Words
