import { defineTexts } from '../../../app/texts';

export const stopKinds = ['phone', 'email', 'domain', 'ip', 'word', 'visitor'] as const;

export const stopTexts = defineTexts(
  { phone: 'Телефон', email: 'Почта', domain: 'Домен почты', ip: 'Адрес или сеть', word: 'Слово', visitor: 'Посетитель', spam: 'Спам', test: 'Пробная' },
  { phone: 'Phone', email: 'E-mail', domain: 'E-mail domain', ip: 'Address or network', word: 'Word', visitor: 'Visitor', spam: 'Spam', test: 'Test' },
);
