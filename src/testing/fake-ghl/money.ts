import { created, notFound, ok, unprocessable } from './answer.js'
import { dispatch, dndText, storeMessage } from './delivery.js'
import { flag, isFields, list, needText, nested, number, text } from './read.js'
import type { Context, Route } from './routes.js'
import type { FakeInvoice, MoneyEntry } from './state.js'
import { isoTime, needSameLocation } from './world.js'

const READ = 'invoices.readonly'
const WRITE = 'invoices.write'
const ACTIONS = ['sms_and_email', 'send_manually', 'email', 'sms']

/** Everything that asks for money or spends it ends in `state.money`. */
export const moneyRoutes: readonly Route[] = [
  { method: 'POST', path: '/invoices', scope: WRITE, handle: (context) => created(store(context)) },
  { method: 'GET', path: '/invoices/{invoiceId}', scope: READ, handle: (context) => ok(wanted(context)) },
  { method: 'POST', path: '/invoices/text2pay', scope: WRITE, handle: text2pay },
  { method: 'POST', path: '/invoices/{invoiceId}/send', scope: WRITE, handle: send },
  { method: 'POST', path: '/invoices/{invoiceId}/void', scope: WRITE, handle: annul },
  { method: 'POST', path: '/marketplace/billing/charges', scope: 'charges.write', handle: charge },
  {
    method: 'POST',
    path: '/phone-system/numbers/location/{locationId}/purchase',
    scope: 'phonenumbers.write',
    handle: buyNumber,
  },
]

/** `action` sms, email or sms_and_email sends it; `send_manually` does not. `autoPayment` charges the stored card. */
function send(context: Context) {
  const { body } = context
  const invoice = wanted(context)
  const action = needText(body, 'action')
  if (!ACTIONS.includes(action)) throw unprocessable(`action must be one of the following values: ${ACTIONS.join(', ')}`)
  deliver(context, invoice, action)
  return created({ invoice, smsData: {}, emailData: {} })
}

/** Makes an invoice and sends it in one call. */
function text2pay(context: Context) {
  const invoice = store(context)
  if (text(context.body, 'action') !== 'draft') deliver(context, invoice, 'sms_and_email')
  return created({ invoice, invoiceUrl: `https://pay.example.com/${invoice.id}` })
}

function annul(context: Context) {
  const invoice = wanted(context)
  invoice.status = 'void'
  return ok(invoice)
}

function store({ world, body, locationId, now }: Context): FakeInvoice {
  const items = list(body, 'items').filter(isFields)
  const invoice: FakeInvoice = {
    id: world.nextId('invoice'),
    locationId,
    contactId: text(nested(body, 'contactDetails'), 'id'),
    name: text(body, 'name') ?? '',
    currency: text(body, 'currency') ?? 'USD',
    total: items.reduce((sum, item) => sum + (number(item, 'amount') ?? 0) * (number(item, 'qty') ?? 1), 0),
    status: 'draft',
    createdAt: isoTime(now),
  }
  world.state.invoices.push(invoice)
  return invoice
}

function deliver(context: Context, invoice: FakeInvoice, action: string): void {
  const { world, body } = context
  tell(context, invoice, action)
  invoice.status = 'sent'
  enter(context, {
    kind: 'invoice_sent',
    amount: invoice.total,
    currency: invoice.currency,
    contactId: invoice.contactId,
    reference: invoice.id,
  })
  if (flag(nested(body, 'autoPayment'), 'enable')) {
    invoice.status = 'paid'
    enter(context, {
      kind: 'invoice_charged',
      amount: invoice.total,
      currency: invoice.currency,
      contactId: invoice.contactId,
      reference: invoice.id,
    })
  }
  world.emit({ ...invoice, type: invoice.status === 'paid' ? 'InvoicePaid' : 'InvoiceSent' })
}

/** `send_manually` names no channel. */
function tell({ world }: Context, invoice: FakeInvoice, action: string): void {
  const contact = world.state.contacts.find(({ id }) => id === invoice.contactId)
  if (!contact) return
  for (const type of ['Email', 'SMS'] as const) {
    const to = type === 'Email' ? contact.email : contact.phone
    if (!action.includes(type.toLowerCase()) || !to || dndText(contact, type)) continue
    const { id: contactId, locationId } = contact
    const body = `Invoice ${invoice.name}`
    dispatch(world, storeMessage(world, { type, contactId, locationId, source: 'invoice', to: [to], subject: body, body }))
  }
}

function charge(context: Context) {
  const { world, body } = context
  const chargeId = world.nextId('charge')
  const amount = (number(body, 'price') ?? 0) * (number(body, 'units') ?? 1)
  enter(context, { kind: 'wallet_charge', amount, currency: 'USD', contactId: null, reference: chargeId })
  return created({ chargeId })
}

function buyNumber(context: Context) {
  const phoneNumber = needText(context.body, 'phoneNumber')
  enter(context, { kind: 'phone_purchase', amount: 1.15, currency: 'USD', contactId: null, reference: phoneNumber })
  return created({ phoneNumber, sid: context.world.nextId('number'), countryCode: text(context.body, 'countryCode') ?? 'US' })
}

function enter({ world, locationId, now }: Context, entry: Omit<MoneyEntry, 'at' | 'locationId'>): void {
  world.state.money.push({ ...entry, locationId, at: now })
}

function wanted(context: Context): FakeInvoice {
  const found = context.world.state.invoices.find(({ id }) => id === context.params.invoiceId)
  if (!found) throw notFound('Invoice not found')
  needSameLocation(context, found.locationId)
  return found
}
