// What a program does that was written with the vendor's JavaScript SDK: `node scenarios.mjs <scenario> <webhook>`
// prints what it got as JSON. The SDK is used as its documentation shows; what is right is judged by the caller.

import { B24Hook } from '@bitrix24/b24jssdk'

const AWKWARD = '1 + 1 = 2 & 100% #правда «ёлки» $result[x]'
const numbered = (word, length) => Array.from({ length }, (_, n) => `${word} ${n}`)

async function call(b24, method, params) {
  const response = await b24.actions.v2.call.make({ method, params })
  if (!response.isSuccess) throw new Error(response.getErrorMessages().join('; '))
  return response.getData().result
}

const comment = (ENTITY_ID, COMMENT) => ({ fields: { ENTITY_TYPE: 'deal', ENTITY_ID, COMMENT } })

async function life(b24) {
  const phone = { VALUE: '+7 903 123-45-67', VALUE_TYPE: 'MOBILE' }
  const contact = await call(b24, 'crm.contact.add', { fields: { NAME: 'Иван', PHONE: [phone] } })
  const deal = await call(b24, 'crm.deal.add', { fields: { TITLE: AWKWARD, CONTACT_ID: contact } })
  const remark = await call(b24, 'crm.timeline.comment.add', comment(deal, 'Перезвоню'))
  await call(b24, 'crm.contact.update', { id: contact, fields: { BIRTHDATE: '1990-05-17' } })
  await call(b24, 'crm.item.update', { entityTypeId: 2, id: deal, fields: { stageId: 'PREPARATION' } })
  await call(b24, 'crm.timeline.comment.update', { id: remark, fields: { COMMENT: AWKWARD } })
  return {
    contact: await call(b24, 'crm.contact.get', { id: contact }),
    deal: (await call(b24, 'crm.item.get', { entityTypeId: 2, id: deal })).item,
    comment: await call(b24, 'crm.timeline.comment.get', { id: remark }),
  }
}

async function manyPages(b24) {
  const chunks = (calls) => b24.actions.v2.batchByChunk.make({ calls })
  const deals = await chunks(numbered('Сделка', 120).map((TITLE) => ['crm.deal.add', { fields: { TITLE } }]))
  await chunks(numbered('Имя', 101).map((NAME) => ['crm.contact.add', { fields: { NAME } }]))
  const [deal] = deals.getData()
  await chunks(numbered('Разговор', 51).map((text) => ['crm.timeline.comment.add', comment(deal, text)]))

  const byIds = await b24.actions.v2.callList.make({ method: 'crm.deal.list', params: { select: ['ID', 'TITLE'] } })
  const contacts = []
  const pages = b24.actions.v2.fetchList.make({
    method: 'crm.item.list',
    params: { entityTypeId: 3, select: ['id', 'name'] },
    idKey: 'id',
    customKeyForResult: 'items',
  })
  for await (const page of pages) contacts.push(...page)
  const comments = await b24.actions.v2.callList.make({
    method: 'crm.timeline.comment.list',
    params: { filter: { ENTITY_TYPE: 'deal', ENTITY_ID: deal } },
  })
  return {
    made: deals.getData(),
    deals: byIds.getData().map((row) => row.TITLE),
    contacts: contacts.map((item) => item.name),
    comments: comments.getData().map((row) => row.COMMENT),
  }
}

async function batches(b24) {
  const contact = await call(b24, 'crm.contact.add', { fields: { NAME: 'Иван' } })
  const deal = await call(b24, 'crm.deal.add', { fields: { TITLE: AWKWARD, CONTACT_ID: contact } })
  const calls = {
    deal: { method: 'crm.item.get', params: { entityTypeId: 2, id: deal } },
    gone: { method: 'crm.item.get', params: { entityTypeId: 2, id: deal + 1 } },
    contact: { method: 'crm.item.get', params: { entityTypeId: 3, id: '$result[deal][item][contactId]' } },
  }
  const options = { isHaltOnError: false, returnAjaxResult: true }
  const named = (await b24.actions.v2.batch.make({ calls, options })).getData()
  const halted = await b24.actions.v2.batch.make({
    calls: [calls.gone, { method: 'crm.deal.add', params: { fields: { TITLE: 'Никогда' } } }],
    options: { isHaltOnError: true },
  })
  return {
    title: named.deal.getData().result.item.title,
    contact: named.contact.getData().result.item.id === contact,
    gone: named.gone.getErrorMessages(),
    halted: halted.isSuccess,
  }
}

async function refusal(b24) {
  try {
    await b24.actions.v2.call.make({ method: 'crm.deal.list' })
    return null
  } catch (error) {
    return [error.code, error.status]
  }
}

async function patience(b24, url) {
  const deal = await call(b24, 'crm.deal.add', { fields: { TITLE: 'Сделка' } })
  let hits = 0
  while ((await fetch(`${url}server.time`)).ok) if (++hits > 200) throw new Error('the bucket has no bottom')
  for (const text of numbered('Разговор', 4)) await call(b24, 'crm.timeline.comment.add', comment(deal, text))
  return deal
}

async function oneDeal(b24) {
  return call(b24, 'crm.deal.add', { fields: { TITLE: 'Сделка' } })
}

const scenarios = { life, manyPages, batches, refusal, patience, oneDeal }
const [name, url] = process.argv.slice(2)
console.log(JSON.stringify(await scenarios[name](B24Hook.fromWebhookUrl(url), url)))
