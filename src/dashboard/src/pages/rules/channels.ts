/** What a line of the dictionary may say: all but the unknown one. */
export const channels = [
  'paid_search', 'organic_search', 'paid_social', 'organic_social', 'display', 'email', 'messenger', 'sms', 'push', 'referral', 'affiliate', 'maps', 'classifieds', 'ai_assistant', 'offline', 'direct', 'other',
] as const;
