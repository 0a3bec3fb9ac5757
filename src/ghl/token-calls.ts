/** Ids of the operations that answer with live tokens: made by the client that holds the app's secret, never for an agent. */
export const TOKEN_CALLS: ReadonlySet<string> = new Set([
  'POST /oauth/token',
  'POST /oauth/locationToken',
  'POST /oauth/location-token',
])
