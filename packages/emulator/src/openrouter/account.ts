/** What `GET /key` answers: USD. */
export const keyInfo: object = {
  data: {
    label: 'sk-or-v1-emu...ator',
    limit: 10,
    limit_reset: null,
    limit_remaining: 7.5,
    usage: 2.5,
    usage_daily: 0.5,
    usage_weekly: 1.5,
    usage_monthly: 2.5,
    is_free_tier: false,
    is_management_key: false,
    rate_limit: { requests: -1, interval: '10s' },
  },
}

/** What `GET /credits` answers: USD. The vendor wants a management key here; the emulator takes any. */
export const credits: object = { data: { total_credits: 100, total_usage: 25.75 } }
