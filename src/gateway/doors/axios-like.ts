/** The parts of an axios instance that the guard needs; told by their shape, so that any copy of axios will do. */
export interface AxiosLike {
  (config: AxiosConfig): Promise<AxiosAnswer>
  request(config: AxiosConfig): Promise<AxiosAnswer>
  getUri(config?: AxiosConfig): string
  create?(defaults: AxiosConfig): AxiosLike
  defaults: AxiosConfig
  interceptors: { request: { use(onFulfilled: (config: AxiosConfig) => AxiosConfig): number } }
}

/** A request as axios hands it to its adapter: everything merged, the body transformed. */
export interface AxiosConfig {
  method?: unknown
  url?: unknown
  headers?: unknown
  params?: unknown
  data?: unknown
  adapter?: unknown
  signal?: unknown
  [key: string]: unknown
}

export interface AxiosAnswer {
  data: unknown
  status: number
  statusText: string
  headers: unknown
  config: AxiosConfig
  request?: unknown
}

export type AxiosAdapter = (config: AxiosConfig) => Promise<AxiosAnswer>

export function isAxiosLike(value: unknown): value is AxiosLike {
  if (typeof value !== 'function') return false
  const { request, getUri, defaults, interceptors } = value as unknown as Record<string, unknown>
  return (
    typeof request === 'function' &&
    typeof getUri === 'function' &&
    typeof defaults === 'object' &&
    defaults !== null &&
    typeof (interceptors as { request?: { use?: unknown } } | undefined)?.request?.use === 'function'
  )
}
