/** What will be handed out read-only, while it is being made. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] }
