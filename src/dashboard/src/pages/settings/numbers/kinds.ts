import { defineTexts } from '../../../app/texts';

export const kindTexts = defineTexts({ dynamic: 'Динамический', static: 'Статический', overflow: 'Запасной' }, { dynamic: 'Dynamic', static: 'Static', overflow: 'Overflow' });

/** The passport's channels, as the service knows them. */
export const channels = [
  'offline', 'paid_search', 'organic_search', 'paid_social', 'organic_social', 'display', 'email', 'messenger', 'sms', 'referral', 'affiliate', 'maps', 'classifieds', 'ai_assistant', 'push', 'direct', 'other',
] as const;
