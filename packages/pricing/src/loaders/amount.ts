import { z } from 'zod'

/** USD per million tokens; what is left out or null is undefined. */
export const perMillion: z.ZodType<number | undefined> = amounts(1)
/** The same, given in USD per token, as a number or as text. */
export const perToken: z.ZodType<number | undefined> = amounts(1e6)
/** USD each. */
export const each: z.ZodType<number | undefined> = amounts(1)

/** A price of zero beside others means that nobody knows it: its stand-in holds then, which is never less. */
export function unlessZero(rate: number | undefined): number | undefined {
  return rate === 0 ? undefined : rate
}

/** Twelve digits: catalogues hold figures such as 0.0000006000000000000001. */
function amounts(factor: number): z.ZodType<number | undefined> {
  return z
    .union([z.number(), z.string().regex(/^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i, 'not an amount')])
    .nullish()
    .transform((value) =>
      value === undefined || value === null ? undefined : Number((Number(value) * factor).toPrecision(12)),
    )
    .refine((value) => value === undefined || (value >= 0 && value < Infinity), 'not an amount of zero or more')
}
