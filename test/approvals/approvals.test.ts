import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Approval,
  type ApprovalRequest,
  type Approver,
  approvalsPolicy,
  checkApproval,
  consume,
  DEFAULT_APPROVALS_POLICY,
  decide,
  edit,
  isExpired,
  readApproval,
  requestApproval,
} from '../../src/approvals/index.js'
import { sealApproval } from '../../src/approvals/seal.js'
import { digest } from '../../src/core/json.js'
import { reason } from '../../src/core/reason.js'

const now = Date.UTC(2026, 6, 1, 12)
const call = { method: 'POST', path: '/conversations/messages', body: { contactId: 'c1', auth_token: 't', token_count: 3 } }
const ann: Approver = { kind: 'operator', name: 'ann' }
const bob: Approver = { kind: 'operator', name: 'bob' }
const asked: ApprovalRequest = {
  id: 'apr_1',
  agent: 'outreach',
  action: 'bulk_send_email',
  request: call,
  digest: digest(call),
  policyVersion: 'v1',
  locationId: 'loc_1',
  contactIds: ['c1', 'c2'],
  reasons: [reason('approval', 'approval.required', 'its risk is critical')],
  grounding: { source: 'ghl', dataId: 'c1', verifiedAt: now },
  at: now,
  mode: 'live',
}
const pending = requestApproval(asked)
const use = { digest: digest(call), locationId: 'loc_1', policyVersion: 'v1', at: now + 2 }
const yes = (by = ann) => ({ verdict: 'approve' as const, by, at: now + 1 })
const no = (by = ann) => ({ verdict: 'reject' as const, by, at: now + 1 })

/** The approval a step left, or the code of its refusal. */
const codeOf = (step: ReturnType<typeof decide>) => ('refused' in step ? step.refused.code : step.approval.status)
function approvalOf(step: ReturnType<typeof decide>): Approval {
  if ('refused' in step) throw new Error(step.refused.message)
  return step.approval
}
const approved = approvalOf(decide(pending, yes()))

describe('a request', () => {
  test('waits, sealed and frozen, for 24 hours', () => {
    expect(pending).toMatchObject({ status: 'pending', votes: [], required: 1, expiresAt: now + 86_400_000 })
    expect([isExpired(pending, now + 86_399_999), isExpired(pending, now + 86_400_000)]).toEqual([false, true])
    expect(Object.isFrozen(pending.contactIds)).toBe(true)
  })

  test('keeps the call whole: nothing in it is masked (defect 36)', () => {
    expect(pending.request).toEqual(call)
    expect(approved.request).toEqual(call)
  })

  test('does not change when the caller changes what it passed', () => {
    const body = { to: 'one' }
    const mine = requestApproval({ ...asked, request: { body } })
    body.to = 'everyone'
    expect(mine.request).toEqual({ body: { to: 'one' } })
  })

  test('survives being stored and read back', () => {
    const used = approvalOf(consume(approved, use))
    for (const approval of [pending, approved, used, approvalOf(decide(pending, no()))]) {
      expect(readApproval(JSON.parse(JSON.stringify(approval)))).toEqual(approval)
    }
    expect(readApproval({ ...pending, status: 'auto_approved' })).toBeNull()
  })
})

describe('a decision', () => {
  test('approves or rejects, with who, when and why', () => {
    expect(approvalOf(decide(pending, { ...no(), note: 'wrong list' }))).toMatchObject({
      status: 'rejected',
      decidedAt: now + 1,
      votes: [{ verdict: 'reject', by: ann, note: 'wrong list', at: now + 1 }],
    })
    expect(approved).toMatchObject({ status: 'approved', votes: [{ verdict: 'approve', by: ann }] })
  })

  test('is never changed', () => {
    const rejected = approvalOf(decide(pending, no()))
    expect([codeOf(decide(rejected, yes(bob))), codeOf(decide(approved, no(bob)))]).toEqual([
      'approval.not_pending',
      'approval.not_pending',
    ])
  })

  test.each([
    [{ kind: 'agent', name: 'outreach' }],
    [{ kind: 'operator', name: 'outreach' }],
    [{ kind: 'operator', name: '' }],
  ] as const)('on an own request is refused: %j (defect 36)', (by) => {
    expect([codeOf(decide(pending, yes(by))), codeOf(decide(pending, no(by)))]).toEqual([
      'approval.own_request',
      'approval.own_request',
    ])
  })

  test('comes too late when the request has expired (defect 36)', () => {
    expect(codeOf(decide(pending, { ...yes(), at: pending.expiresAt }))).toBe('approval.expired')
    expect(codeOf(decide(pending, { ...yes(), at: Number.NaN }))).toBe('approval.expired')
  })

  test('that is not exactly an approval rejects', () => {
    expect(codeOf(decide(pending, { ...yes(), verdict: 'APPROVE' as 'approve' }))).toBe('rejected')
  })
})

describe('two of m', () => {
  const two = requestApproval(asked, approvalsPolicy.parse({ required: 2 }))
  const half = approvalOf(decide(two, yes(ann)))

  test('is approved by two different approvers, not by one twice', () => {
    expect(half.status).toBe('pending')
    expect(codeOf(decide(half, yes(ann)))).toBe('approval.same_approver')
    expect(codeOf(consume(half, use))).toBe('approval.not_approved')
    expect(codeOf(decide(half, yes(bob)))).toBe('approved')
  })

  test('is rejected by one', () => {
    expect(codeOf(decide(half, no(bob)))).toBe('rejected')
  })
})

describe('a grant', () => {
  test('is used once', () => {
    const used = approvalOf(consume(approved, use))
    expect(used).toMatchObject({ status: 'consumed', consumedAt: now + 2 })
    expect(codeOf(consume(used, use))).toBe('approval.used')
  })

  test.each([
    ['another call', { digest: digest({ ...call, path: '/x' }) }, 'approval.tampered'],
    ['another location', { locationId: 'loc_2' }, 'approval.tampered'],
    ['no location', { locationId: undefined }, 'approval.tampered'],
    ['another configuration', { policyVersion: 'v2' }, 'approval.policy_changed'],
    ['a time after its end', { at: approved.expiresAt }, 'approval.expired'],
  ])('is not good for %s', (_what, change, code) => {
    expect(codeOf(consume(approved, { ...use, ...change }))).toBe(code)
  })

  test('outlives a change of the configuration where the policy says so', () => {
    const policy = approvalsPolicy.parse({ allowPolicyChange: true })
    expect(codeOf(consume(approved, { ...use, policyVersion: 'v2' }, policy))).toBe('consumed')
  })

  test('is not there before anybody approved', () => {
    expect(codeOf(consume(pending, use))).toBe('approval.not_approved')
  })
})

describe('the seal', () => {
  const key = 'a secret the store does not hold'
  const sealed = approvalOf(decide(requestApproval(asked, undefined, key), yes(), key))

  test('covers every field: whichever is changed, the grant is refused', () => {
    const fields = Object.keys(approved).filter((field) => field !== 'status') as (keyof Approval)[]
    expect(fields.length).toBeGreaterThan(16)
    for (const field of fields) {
      const value = approved[field]
      const other = typeof value === 'number' ? value + 1 : typeof value === 'string' ? `${value}x` : { other: true }
      expect([field, codeOf(consume({ ...approved, [field]: other } as Approval, use))]).toEqual([field, 'approval.tampered'])
    }
  })

  test('shows a pending request passed off as approved', () => {
    expect(codeOf(consume({ ...pending, status: 'approved', decidedAt: now }, use))).toBe('approval.tampered')
    expect(codeOf(consume({ ...approvalOf(decide(pending, no())), status: 'approved' } as Approval, use))).toBe(
      'approval.tampered',
    )
  })

  test('with a key cannot be made by who does not have it', () => {
    expect(codeOf(consume(sealed, use, undefined, key))).toBe('consumed')
    expect(codeOf(consume(approved, use, undefined, key))).toBe('approval.tampered')
    expect(codeOf(consume(sealed, use, undefined, 'another'))).toBe('approval.tampered')
    expect(codeOf(consume(sealed, use))).toBe('approval.tampered')
  })

  test('intact but without the votes to approve is refused all the same', () => {
    const { seal: _, ...unsealed } = pending
    for (const votes of [[], [{ verdict: 'approve', by: { kind: 'agent', name: 'outreach' }, at: now }]] as const) {
      const forged = sealApproval({ ...unsealed, votes, status: 'approved', decidedAt: now })
      expect(codeOf(consume(forged, use))).toBe('approval.tampered')
    }
  })
})

describe('an edit', () => {
  const other = { ...call, body: { contactId: 'c2' } }
  const change = { id: 'apr_2', at: now + 1, expiresAt: now + 1000, request: other, digest: digest(other), contactIds: ['c2'] }
  const pair = (by: Approver) => {
    const edited = edit(pending, { ...change, by })
    if ('refused' in edited) throw new Error(edited.refused.message)
    return edited
  }

  test('is a new pending request linked to the old, which is closed', () => {
    const { approval, superseded } = pair(ann)
    expect(approval).toMatchObject({
      id: 'apr_2',
      status: 'pending',
      supersedes: 'apr_1',
      request: other,
      contactIds: ['c2'],
      votes: [],
    })
    expect(superseded).toMatchObject({ id: 'apr_1', status: 'superseded', supersededBy: 'apr_2', request: call })
    expect([codeOf(decide(superseded, yes())), codeOf(consume(superseded, use))]).toEqual([
      'approval.not_pending',
      'approval.not_approved',
    ])
  })

  test('begins without the votes for the old call', () => {
    const half = approvalOf(decide(requestApproval({ ...asked, required: 2 }), yes(bob)))
    const edited = edit(half, { ...change, by: ann })
    expect(edited).toMatchObject({ approval: { votes: [], required: 2 }, superseded: { votes: [{ by: bob }] } })
  })

  test('is approved for the edited call and for no other', () => {
    const granted = approvalOf(decide(pair(ann).approval, yes()))
    expect(codeOf(consume(granted, use))).toBe('approval.tampered')
    expect(codeOf(consume(granted, { ...use, digest: digest(other) }))).toBe('consumed')
  })

  test('by an agent is not that agent’s to decide', () => {
    const gate: Approver = { kind: 'agent', name: 'gate' }
    expect([codeOf(decide(pair(gate).approval, yes(gate))), codeOf(decide(pair(gate).approval, yes(ann)))]).toEqual([
      'approval.own_request',
      'approved',
    ])
  })

  test('is refused to the requester, and once decided', () => {
    const by: Approver = { kind: 'agent', name: 'outreach' }
    expect(edit(pending, { ...change, by })).toMatchObject({ refused: { code: 'approval.own_request' } })
    expect(edit(approved, { ...change, by: ann })).toMatchObject({ refused: { code: 'approval.not_pending' } })
  })
})

test('no sequence of steps uses a grant twice, undoes a rejection or lets too few approve', () => {
  const by = fc.constantFrom<Approver>(ann, bob, { kind: 'agent', name: 'gate' }, { kind: 'agent', name: 'outreach' })
  const at = fc.integer({ min: now, max: now + 2 * 86_400_000 })
  const step = fc.oneof(
    fc.record({ verdict: fc.constantFrom('approve' as const, 'reject' as const), by, at }),
    fc.record({ digest: fc.constantFrom(use.digest, 'another'), locationId: fc.constantFrom('loc_1', 'loc_2'), at }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 12 }), (required, steps) => {
      let state = requestApproval(asked, { ...DEFAULT_APPROVALS_POLICY, required })
      let uses = 0
      let rejections = 0
      const approvers = new Set<string>()
      for (const each of steps) {
        const result = 'verdict' in each ? decide(state, each) : consume(state, each)
        if ('refused' in result) continue
        state = result.approval
        if (!('verdict' in each)) uses++
        else if (each.verdict === 'reject') rejections++
        else approvers.add(each.by.name)
      }
      expect(uses).toBeLessThanOrEqual(1)
      if (uses === 1) expect([rejections, approvers.size, approvers.has('outreach')]).toEqual([0, required, false])
      if (rejections > 0) expect(state.status).toBe('rejected')
    }),
  )
})

describe('what waits for a human', () => {
  const subject = { agent: 'outreach', action: 'send_sms', permission: 'send_sms', risk: 'high', roleRequires: false } as const
  const rules = (decision: ReturnType<typeof checkApproval>) =>
    decision.verdict === 'hold' ? decision.reasons.map(({ rule }) => rule) : []

  test('a critical action, what the role asks for, what the policy asks for: each is said', () => {
    const policy = approvalsPolicy.parse({ requireFor: ['send_sms'] })
    expect(rules(checkApproval(subject))).toEqual([])
    expect(rules(checkApproval({ ...subject, risk: 'critical', roleRequires: true }, policy))).toEqual([
      'approval.critical',
      'approval.role',
      'approvals.requireFor',
    ])
  })

  test('a name that is neither action nor permission is refused', () => {
    expect(approvalsPolicy.safeParse({ requireFor: ['send_smss'] }).success).toBe(false)
  })
})
