import type { ModelInfo, ModelPrice } from '@wayfare/core'

/**
 * A price of a model list, as a number or as text. `perMTok`: how many USD per million tokens one unit of it is. What is no
 * price, or a negative one, is left out.
 */
export function priceField(field: keyof ModelPrice, value: unknown, perMTok: number): Partial<ModelInfo> {
  const price = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof price !== 'number' || !(price >= 0 && price < Infinity)) return {}
  // Twelve digits: 0.0000003 * 1e6 is not 0.3 in binary.
  return { [field]: Number((price * perMTok).toPrecision(12)) }
}
