import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n } from '@/app/i18n'

/** Mounts a component with router, words, queries and store, as the screens have them. */
export async function mounted(component: Component, props: Record<string, unknown> = {}, slots: Record<string, string> = {}, at = '/') {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }],
  })
  await router.push(at)
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const wrapper = mount(component, {
    props,
    slots,
    attachTo: document.body,
    global: { plugins: [router, i18n, createPinia(), [VueQueryPlugin, { queryClient: queries }]] },
  })
  return { wrapper, router }
}
