import { because, type Findings, hold } from '../findings.js'

/** GHL fills it from a template: nobody here can read what is sent. */
export function holdOpaque(found: Findings): void {
  hold(
    found,
    because(
      'content.opaque',
      'GHL fills this message from a template, so what is sent cannot be read here. A human has to approve it, or pass the text itself.',
    ),
  )
}
