/** Whether the numbers are those of a long run: WAYFARE_LONG=1 npx vitest run packages/cost. */
export const long: boolean = process.env['WAYFARE_LONG'] !== undefined
