/** The part of a pg `Pool` that is used. Whatever answers one statement per call like it does as well. */
export interface PostgresPool {
  query(query: {
    readonly text: string
    readonly values?: unknown[]
    /** Milliseconds until the driver gives up waiting; pg reads it per query. */
    readonly query_timeout?: number
  }): Promise<{ readonly rows: readonly unknown[] }>
}
