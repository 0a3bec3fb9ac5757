import { expect, test } from 'vitest'
import { checkMessage, guardrailDefaults } from '../../src/guardrails/index.js'
import { contact } from '../../src/testing/builders.js'
import { facts, warningRules } from './facts.js'

/** What shops, banks, practices, airlines and schools text to people who wait for it. */
const TEXTS = `
Your order #48213 has shipped and will arrive on Thu, Jan 15. Track it: https://northwindshop.com/t/48213
Northwind: your package is out for delivery today between 2 and 4 pm. Reply STOP to opt out.
Your verification code is 482913. It expires in 10 minutes. Do not share it with anyone.
482913 is your Northwind code. We will never ask you for it.
Acme Bank: A charge of $42.18 at GROCERY MART was approved on your card ending 4821. Not you? Call 800-555-0199.
Your refund of $36.40 has been issued to your Visa ending 4821. It can take 5 to 10 business days to appear.
Hi Ann, your appointment with Dr. Lee is confirmed for Tue Jan 20 at 9:30 am. Reply C to confirm or R to reschedule.
Reminder: your appointment at Bright Dental is tomorrow at 10:00 am. Reply Y to confirm, N to cancel.
Your table for 4 at Luna is confirmed for Friday 7:30 pm. See you then!
Your prescription is ready for pickup at Main Street Pharmacy. We close at 9 pm.
Your ride is arriving in 3 minutes. Silver Toyota Camry, plate 7ABC123.
Your driver Sam is outside. Please meet at the front entrance.
Payment received: $120.00 for invoice 2231. Thank you!
Your invoice 2231 for $480.00 is due on Jan 31. Pay here: https://pay.northwind.com/i/2231
Your payment of $25.99 did not go through. Please update your card in the app to keep your subscription.
Your subscription renews on Feb 1 for $14.99. Manage it in your account settings.
We received your return. Your refund will be processed within 3 business days.
Your flight UA 482 to Denver is delayed. New departure time 6:45 pm, gate B22.
Boarding for flight DL 1203 begins at 8:10 am at gate 14. Have a good trip.
Your check-in is now open. Your confirmation number is QX7RTP.
Your hotel reservation at Hotel Sol is confirmed, Jan 20 to Jan 23, 2 guests. Confirmation 8812.
Your password was changed. If this was not you, contact support at once.
New sign-in to your account from Chrome on Windows. Not you? Reset your password in the app.
Your delivery was attempted at 1:15 pm. We will try again tomorrow.
Your parcel is waiting at the pickup point, 12 High St. Bring ID. Code 5521.
Order confirmed! We are preparing your food. Estimated delivery 6:40 pm.
Your order is ready for pickup. Please come to the counter and show code 7731.
Your car service is complete. Total: $218.40. You can pick it up until 6 pm today.
Hi Ann, this is Bright Dental. Your balance of $60 is due. Please call us at 212-555-0142 to arrange payment.
School notice: classes start two hours late tomorrow due to snow.
Your prescription refill was approved and will ship today. Free shipping is included with your plan.
Your account statement is ready. Log in to the app to view it.
Low balance alert: your checking account is below $100. Available balance: $84.12.
Deposit alert: $1,250.00 was deposited to your account ending 2210 on Jan 14.
Your loan payment of $310.00 is scheduled for Jan 20. Reply HELP for help, STOP to end alerts.
Your claim 88213 was approved. A payment of $640.00 will be sent to your bank account.
Your application was received. We will contact you within 5 days.
Hi Ann, your technician Mike will arrive between 1 and 3 pm. Please make sure someone over 18 is home.
Your internet service was restored at 4:10 pm. Thank you for your patience.
Your data usage reached 80% of your monthly plan. Data resets on Feb 1.
Your gift card balance is $25.00. It never expires.
Your ticket for The National on Mar 3 is attached to your account. Doors open at 7 pm.
Your Northwind delivery window changed to 5-7 pm. Sorry for the delay.
Thanks for your order! Your receipt: https://northwindshop.com/r/9921
Your item is back in the warehouse and ships Monday.
Your warranty claim has been registered under number W-2213.
Your test results are ready. Please log in to the patient portal to see them.
Please bring your insurance card and a photo ID to your visit on Monday at 8 am.
Dear customer, your KYC is complete. No further action is needed.
Your coupon WELCOME10 was applied. You saved $10.00 on order 7781.
Your bid was accepted. The seller will ship your item within 2 days.
Your vote was counted. Thank you for taking part.
Reminder: your library books are due on Friday. Renew at the desk or online.
Your parking session ends in 10 minutes. Extend it in the app.
Your loyalty points balance is 1,240. Points are added after each visit.
Your trial ends tomorrow. You will be charged $9.99 unless you cancel in settings.
Congratulations! Your mortgage application was approved. Your agent will call you today.
Urgent: your flight was cancelled. Please see an agent at gate B12 or rebook in the app.
Final notice: your library card expires on Jan 31. Renew it at any branch.
`
  .trim()
  .split('\n')

test.each(TEXTS)('passes without a word about its content: %s', (text) => {
  const contactId = 'contact_1'
  const decision = checkMessage(
    { channel: 'sms', contactId, recipients: [{ kind: 'to', address: '+12125550123' }], text },
    guardrailDefaults,
    facts({
      purpose: 'transactional',
      contact: contact({ firstName: 'Ann', phones: ['+12125550123'] }),
      action: { type: 'send_sms', risk: 'high', contactIds: [contactId] },
    }),
  )
  expect(decision.verdict).toBe('allow')
  expect(warningRules(decision).filter((rule) => rule.startsWith('content.'))).toEqual([])
})
