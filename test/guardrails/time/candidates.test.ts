import { describe, expect, test } from 'vitest'
import { candidateZones, type Whereabouts } from '../../../src/guardrails/index.js'

const NY = 'America/New_York'
const LA = 'America/Los_Angeles'
const zones = (recipient: Whereabouts, channel: 'email' | 'sms' | 'call' = 'email') => candidateZones(recipient, channel)

describe('the contact’s own zone', () => {
  test('settles it for e-mail, whatever number and address say', () => {
    expect(zones({ timeZone: LA, phone: '+12125550123', state: 'FL', country: 'DE' })).toEqual([LA])
  })

  test('does not settle it for a text or call to a North American number: its area code counts too', () => {
    expect(zones({ timeZone: LA, phone: '+12125550123' }, 'sms')).toEqual([LA, NY])
    expect(zones({ timeZone: LA, phone: '+12125550123' }, 'call')).toEqual([LA, NY])
    expect(zones({ timeZone: LA, phone: '+18005550123' }, 'sms')).toEqual([LA])
    expect(zones({ timeZone: 'Europe/Paris', phone: '+447911123456' }, 'sms')).toEqual(['Europe/Paris'])
  })

  test('counts only where it is a zone', () => {
    for (const timeZone of ['EST', 'GMT+5', '+05:30', '', 'Not/AZone', `A/${'x'.repeat(1000)}`]) {
      expect(zones({ timeZone, phone: '+12125550123' })).toEqual([NY])
    }
  })
})

describe('the phone number', () => {
  test.each([
    '+12125550123',
    '+1 (212) 555-0123',
    '+1-212-555-0123',
    '0012125550123',
    '01112125550123',
    '+12125550123 x45',
    '+1 212 555 0123;ext=7',
  ])('%s is New York', (phone) => expect(zones({ phone })).toEqual([NY]))

  test('without a country code counts where the address is North American', () => {
    expect(zones({ phone: '(212) 555-0123', country: 'US' })).toEqual([NY])
    expect(zones({ phone: '12125550123', country: 'US' })).toEqual([NY])
    expect(zones({ phone: '2125550123', state: 'NY' })).toEqual([NY])
    expect(zones({ phone: '2125550123' })).toEqual([])
    expect(zones({ phone: '2125550123', country: 'FR' })).toEqual(['Europe/Paris'])
  })

  test.each(['+1212555012', '+121255501234', '+1', '', '+', '112', 'x'.repeat(5000)])('"%s" says nothing', (phone) =>
    expect(zones({ phone })).toEqual([]),
  )

  test('abroad it means every zone of its country', () => {
    expect(zones({ phone: '+4915112345678' })).toEqual(['Europe/Berlin'])
    expect(zones({ phone: '+77011234567' })).toEqual(['Asia/Almaty', 'Asia/Qyzylorda'])
    expect(zones({ phone: '+79161234567' }).length).toBeGreaterThan(8)
    expect(zones({ phone: '+212612345678' })).toEqual(['Africa/Casablanca', 'Africa/El_Aaiun'])
    expect(zones({ phone: '+870773123456' })).toEqual([])
  })

  test('of a code that several countries share is in the one the contact is said to be in, else in all that have numbers there', () => {
    for (const [phone, country] of [
      ['+61412345678', 'AU'],
      ['+64211234567', 'NZ'],
      ['+4791234567', 'NO'],
      ['+262692123456', 'RE'],
      ['+262639123456', 'YT'],
      ['+358401234567', 'FI'],
      ['+50051234', 'FK'],
      ['+590690123456', 'GP'],
      ['+59995123456', 'CW'],
      ['+212612345678', 'MA'],
    ]) {
      expect(zones({ phone, country }), phone).toEqual(zones({ country }))
    }
    expect(zones({ phone: '+50051234' })).toEqual(['Atlantic/Stanley', 'Atlantic/South_Georgia'])
    expect(zones({ phone: '+447911123456' })).toEqual(['Europe/London', 'Europe/Guernsey', 'Europe/Jersey', 'Europe/Isle_of_Man'])
  })

  test('of an island with a prefix of its own is there, and one of the mainland is not', () => {
    expect(zones({ phone: '+61891621234' })).toEqual(['Indian/Cocos'])
    expect(zones({ phone: '+61891641234' })).toEqual(['Indian/Christmas'])
    expect(zones({ phone: '+61412345678' })).toEqual(zones({ country: 'AU' }))
    expect(zones({ phone: '+64211234567' })).toEqual(zones({ country: 'NZ' }))
    expect(zones({ phone: '+672322123' })).toEqual(['Pacific/Norfolk'])
    expect(zones({ phone: '+672106123' })).toContain('Antarctica/Davis')
    expect(zones({ phone: '+262262123456' })).toEqual(['Indian/Reunion'])
    expect(zones({ phone: '+262269612345' })).toEqual(['Indian/Mayotte'])
    expect(zones({ phone: '+61891621234', country: 'AU' })).toContain('Indian/Cocos')
  })

  test('narrows a country it lies in, and is joined with one it does not lie in', () => {
    expect(zones({ phone: '+12125550123', country: 'US' })).toEqual([NY])
    expect(zones({ phone: '+17875550123', country: 'US' })).toEqual(['America/Puerto_Rico'])
    expect(zones({ phone: '+447911123456', country: 'US' })).toContain('Pacific/Honolulu')
    expect(zones({ phone: '+447911123456', country: 'US' })).toContain('Europe/London')
  })
})

describe('the address', () => {
  test('a state by code or name, with all of its zones', () => {
    expect(zones({ state: 'FL' })).toEqual([NY, 'America/Chicago'])
    expect(zones({ state: 'florida', country: 'US' })).toEqual([NY, 'America/Chicago'])
    expect(zones({ state: 'Québec', country: 'CA' })).toContain('America/Toronto')
    expect(zones({ state: 'BC' })).toContain('America/Vancouver')
    expect(zones({ state: 'PR', country: 'US' })).toEqual(zones({ country: 'PR' }))
  })

  test('a state of another country is not taken for an American one', () => {
    expect(zones({ state: 'WA', country: 'AU' })).toEqual(zones({ country: 'AU' }))
    expect(zones({ state: 'BC', country: 'US' })).toEqual(zones({ country: 'US' }))
    expect(zones({ state: 'nowhere', country: 'US' })).toEqual(zones({ country: 'US' }))
  })

  test('a state is joined with the number', () => {
    expect(zones({ state: 'CA', phone: '+12125550123' })).toEqual([NY, LA])
  })

  test('a postal code narrows the state it lies in, and is joined with one it does not lie in', () => {
    expect(zones({ state: 'TX', country: 'US', postalCode: '79901' })).toEqual(['America/Denver'])
    expect(zones({ state: 'FL', postalCode: '32501-1234' })).toEqual(['America/Chicago'])
    expect(zones({ state: 'NY', postalCode: '90210' })).toEqual([NY, LA])
    expect(zones({ country: 'CA', postalCode: 'k1a 0b1' })).toEqual(['America/Toronto'])
  })

  test('five digits are American only where something else is', () => {
    expect(zones({ postalCode: '10115' })).toEqual([])
    expect(zones({ postalCode: '10115', country: 'DE' })).toEqual(['Europe/Berlin'])
    expect(zones({ postalCode: '90210', country: 'US' })).toEqual([LA])
    expect(zones({ postalCode: '90210', phone: '+18005550123', country: 'USA' })).toEqual([LA])
  })
})
