export { PriceConfigError } from './error.ts'
export { PriceRegistry } from './registry.ts'
export type { PriceRegistryOptions, RegistryCall } from './registry.ts'
export type { PriceListInfo, RegistryInfo } from './info.ts'
export type { PriceList } from './unpack.ts'
export type {
  ContextTier,
  Fees,
  PartialRates,
  PriceEntry,
  RateCard,
  RateChange,
  Rates,
  ServiceTier,
  TimeWindow,
} from './rates.ts'
