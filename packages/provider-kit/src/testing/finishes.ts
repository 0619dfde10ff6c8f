import { answer } from './answers.ts'
import type { Scenario } from './scenario.ts'

export const finishes: readonly Scenario[] = [
  answer('finish_stop_sequence', 'a stop sequence is a stop', { finish: 'stop' }),
  answer('finish_length', 'an answer that the limit cut short says so', { finish: 'length' }),
  answer('finish_content_filter', 'an answer that a filter cut short says so', { finish: 'content_filter' }),
  answer('finish_refusal', 'a refusal is told apart from an answer', { finish: 'refusal' }),
  answer('finish_pause', 'a turn that can be continued says so', { finish: 'pause' }),
  answer('finish_unknown', 'a reason that nobody knows is "other", in the vendor\'s own word', {
    finish: 'other',
    rawReason: 'never_heard_of',
  }),
  answer('finish_unnamed', 'an end without a reason is "other", with a warning', { finish: 'other' }),
]
