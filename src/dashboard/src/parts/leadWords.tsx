import { Tag, Tooltip } from 'antd';
import { defineTexts } from '../app/texts';
import { useCrmName } from './crm';

const texts = defineTexts(
  {
    new: 'Новая', repeat: 'Повторная', duplicate: 'Дубль', spam: 'Спам', test: 'Тест', form: 'Форма', call: 'Звонок', chat: 'Чат',
    newWhy: 'Этого человека раньше не было', repeatWhy: 'Человек уже обращался', duplicateWhy: 'Та же заявка ещё раз: в CRM она пометка в карточке первой', spamWhy: 'В CRM не отправляется и не считается', testWhy: 'Проба: в CRM не отправляется и не считается',
    pending: 'Ждёт отправки', sending: 'Отправляется', in_doubt: 'Проверяется в CRM', delivered: 'Доставлена', dead: 'Не доставлена',
    honeypot: 'заполнено скрытое поле', test_flag: 'отправитель пометил как тест', bot_agent: 'отправил робот', disposable_contact: 'одноразовая почта, и другого контакта нет', disposable_email: 'одноразовая почта',
    links_in_name: 'ссылки в имени', many_links: 'много ссылок в комментарии', link_in_comment: 'ссылка в комментарии', repeated_text: 'тот же текст уже приходил', filled_fast: 'форма заполнена быстрее чем за 2 секунды',
    automated_agent: 'отправила программа', placeholder_contact: 'выдуманный контакт', stop_list_phone: 'телефон в стоп-листе', stop_list_email: 'e-mail в стоп-листе', stop_list_domain: 'домен почты в стоп-листе',
    stop_list_ip: 'адрес в стоп-листе', stop_list_word: 'слово из стоп-листа', stop_list_visitor: 'посетитель в стоп-листе', marked_by_hand: 'отмечено вручную как спам', released_by_hand: 'вручную: не спам',
    phone_unreadable: 'телефон не удалось прочитать', email_unreadable: 'e-mail не удалось прочитать', email_placeholder: 'e-mail выдуманный', occurred_at_far_off: 'часы отправителя расходятся с нашими',
    comment_cut: 'комментарий обрезан', sent_before_spam: 'успела уйти в CRM до того, как стала спамом: закройте карточку там', ended_before_start: 'по данным телефонии звонок кончился раньше, чем начался',
    lead_not_storable: 'заявку по звонку сохранить не удалось', clock_far_off: 'часы телефонии расходятся с нашими', times_out_of_order: 'время начала и конца звонка перепутано', time_zone_unknown: 'часовой пояс телефонии неизвестен', time_unreadable: 'время не удалось прочитать',
    number_unreadable: 'номер не удалось прочитать', id_derived: 'номера звонка не было, он составлен из сообщения', part_unreadable: 'часть сообщения не удалось прочитать', source_from_provider: 'источник назвала телефония: меток не было', source_not_accurate: 'телефония сама не уверена в источнике',
  },
  {
    new: 'New', repeat: 'Repeat', duplicate: 'Duplicate', spam: 'Spam', test: 'Test', form: 'Form', call: 'Call', chat: 'Chat',
    newWhy: 'Nobody known before', repeatWhy: 'This person has asked before', duplicateWhy: 'The same enquiry again: a note in the card of the first', spamWhy: 'Neither sent to the CRM nor counted', testWhy: 'A trial: neither sent to the CRM nor counted',
    pending: 'Waiting', sending: 'Being sent', in_doubt: 'Being looked up', delivered: 'Delivered', dead: 'Not delivered',
    honeypot: 'a hidden field was filled in', test_flag: 'the sender marked it as a test', bot_agent: 'sent by a robot', disposable_contact: 'a throw-away address and no other contact', disposable_email: 'a throw-away address',
    links_in_name: 'links in the name', many_links: 'many links in the comment', link_in_comment: 'a link in the comment', repeated_text: 'the same text came before', filled_fast: 'filled in within 2 seconds',
    automated_agent: 'sent by a program', placeholder_contact: 'a made-up contact', stop_list_phone: 'phone in the stop-list', stop_list_email: 'e-mail in the stop-list', stop_list_domain: 'e-mail domain in the stop-list',
    stop_list_ip: 'address in the stop-list', stop_list_word: 'a word of the stop-list', stop_list_visitor: 'visitor in the stop-list', marked_by_hand: 'marked as spam by hand', released_by_hand: 'by hand: not spam',
    phone_unreadable: 'the phone could not be read', email_unreadable: 'the e-mail could not be read', email_placeholder: 'the e-mail is made up', occurred_at_far_off: 'the sender’s clock is far off',
    comment_cut: 'the comment was cut', sent_before_spam: 'reached the CRM before it became spam: close the card there', ended_before_start: 'by the telephony’s data the call ended before it began',
    lead_not_storable: 'the lead of the call could not be stored', clock_far_off: 'the telephony’s clock is far from ours', times_out_of_order: 'the call’s times are out of order', time_zone_unknown: 'the telephony’s time zone is not known', time_unreadable: 'a time could not be read',
    number_unreadable: 'a number could not be read', id_derived: 'the call had no id, one was made of the message', part_unreadable: 'a part of the message could not be read', source_from_provider: 'the source was named by the telephony: there were no tags', source_not_accurate: 'the telephony itself is not sure of the source',
  },
);

export const leadStatuses = ['new', 'repeat', 'duplicate', 'spam', 'test'] as const;
export const leadKinds = ['form', 'call', 'chat'] as const;

/** The words for what the service calls by a code: statuses, kinds, states, reasons. A code that is not known here is shown as it is. */
export function useLeadWords(): (code: string) => string {
  const t = texts.use();
  // «time_unreadable: startedAt»: what, and which.
  return (code) => {
    const [what = '', which] = code.split(': ');
    return which ? `${t(what as 'new')} (${which})` : t(what as 'new');
  };
}

const statusColours: Record<string, string> = { new: 'blue', repeat: 'cyan', duplicate: 'default', spam: 'red', test: 'purple' };

export function StatusTag({ of, isPlain = false }: { of: string; isPlain?: boolean }) {
  const t = texts.use();
  const tag = (
    <Tag color={statusColours[of] ?? 'default'} style={{ margin: 0 }}>
      {t(of as 'new')}
    </Tag>
  );
  return isPlain ? tag : <Tooltip title={t(`${of}Why` as 'newWhy')}>{tag}</Tooltip>;
}

export const deliveryStates = ['pending', 'sending', 'in_doubt', 'delivered', 'dead'] as const;

const stateColours: Record<string, string> = { pending: 'gold', sending: 'blue', in_doubt: 'orange', delivered: 'green', dead: 'red' };

/** How far a lead got into one CRM. */
export function DeliveryTag({ state, crm }: { state: string; crm?: string | null | undefined }) {
  const t = texts.use();
  const crmName = useCrmName();
  return (
    <Tag color={stateColours[state] ?? 'default'} style={{ margin: 0 }}>
      {crm === undefined ? '' : `${crmName(crm)}: `}
      {crm === undefined ? t(state as 'dead') : t(state as 'dead').toLowerCase()}
    </Tag>
  );
}
