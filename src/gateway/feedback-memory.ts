const DAY_MS = 24 * 3_600_000

/** Events older than this are refused: what is known of earlier ones is forgotten by then, and they would count again. */
export const MAX_EVENT_AGE_MS = 30 * DAY_MS
/** How long it is remembered what an event did. A day longer than an event is taken: clocks differ. */
export const FEEDBACK_LIFE_MS = 31 * DAY_MS
