import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import SchemaForm from '@/parts/SchemaForm.vue'
import { faultsOf, sendable, titleOf, type Schema } from '@/parts/form/schema'
import { mounted } from './mounting'

const schema: Schema = {
  type: 'object',
  required: ['name', 'depth'],
  properties: {
    name: { type: 'string', title: '名称', title_en: 'Name', maxLength: 5 },
    depth: { type: 'number', title: { zh: '井深', en: 'Depth' }, minimum: 0, maximum: 500, 'x-unit': 'm' },
    kind: { type: 'string', enum: ['a', 'b'], 'x-enum': { a: '甲', b: '乙' } },
    since: { type: 'string', format: 'date' },
    place: { type: 'object', properties: { lon: { type: 'number', minimum: -180 } } },
  },
}
beforeEach(() => localStorage.clear())
afterEach(() => {
  document.body.innerHTML = ''
})

describe('schema', () => {
  it('names every fault by its field', () => {
    const faults = faultsOf(schema, { name: '超过五个字的', depth: '-1', kind: 'c', since: '1 May', place: { lon: 'x' } })
    expect(Object.fromEntries(Object.entries(faults).map(([path, fault]) => [path, fault.key]))).toEqual({
      name: 'fault_long',
      depth: 'fault_least',
      kind: 'fault_choice',
      since: 'fault_format',
      'place.lon': 'fault_number',
    })
    expect(faultsOf(schema, {}).name?.key).toBe('fault_required')
  })
  it('sends numbers as numbers and nothing for what is empty', () => {
    expect(sendable(schema, { name: '一', depth: '12.5', kind: '', place: {} })).toEqual({ name: '一', depth: 12.5, place: {} })
  })
  it('has titles in both languages', () => {
    expect(titleOf(schema.properties!.name!, 'name', 'en')).toBe('Name')
    expect(titleOf({}, 'name', 'zh')).toBe('name')
  })
})

describe('SchemaForm', () => {
  it('says beside the field what is wrong and does not send', async () => {
    const submit = vi.fn()
    const { wrapper } = await mounted(SchemaForm, { schema, submit })
    await wrapper.find('form').trigger('submit')
    expect(submit).not.toHaveBeenCalled()
    expect(wrapper.findAll('.field-fault')[0]?.text()).toBe('此项必填')
    expect(wrapper.find('input').attributes('aria-invalid')).toBe('true')
  })
  it('keeps a draft and shows the fault of the API beside its field', async () => {
    const fault = Object.assign(new Error('井深超出范围'), { status: 422, fault: { error: 'x', message: '井深超出范围', column: 'depth' } })
    const { wrapper } = await mounted(SchemaForm, { schema, submit: vi.fn().mockRejectedValue(fault), draft: 'well' })
    const [name, depth] = wrapper.findAll('input')
    await name?.setValue('一号')
    await depth?.setValue('12')
    expect(JSON.parse(localStorage.getItem('huanzhi.draft.well') ?? '{}')).toMatchObject({ name: '一号' })
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(wrapper.find('.field-fault').text()).toContain('井深超出范围')
  })
  it('forgets the draft when it was sent', async () => {
    localStorage.setItem('huanzhi.draft.well', JSON.stringify({ name: '二号', depth: '3' }))
    const submit = vi.fn().mockResolvedValue({ code: 'W' })
    const { wrapper } = await mounted(SchemaForm, { schema, submit, draft: 'well' })
    expect(wrapper.find('.form-draft').exists()).toBe(true)
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(submit).toHaveBeenCalledWith({ name: '二号', depth: 3, place: {} })
    expect(wrapper.emitted('done')?.[0]).toEqual([{ code: 'W' }])
    expect(localStorage.getItem('huanzhi.draft.well')).toBeNull()
  })
})
