export { providerCases, testProvider } from './suite.ts'
export type { ProviderCase, ProviderSuite, TestFunction } from './suite.ts'
export type { Absent, Expectation, OpenProvider, Sample, SentRequest, WireSamples } from './samples.ts'
