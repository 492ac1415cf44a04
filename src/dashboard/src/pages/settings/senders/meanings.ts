import { defineTexts } from '../../../app/texts';

/** What a field of a sender's message can be, and what its words can mean. */
export const meaningTexts = defineTexts(
  {
    name: 'имя', phone: 'телефон', email: 'почта', comment: 'комментарий', page: 'адрес страницы', formName: 'название формы',
    externalId: 'номер звонка у них', clientPhone: 'телефон клиента', linePhone: 'наш номер', direction: 'входящий или исходящий', phase: 'что случилось', status: 'итог', startedAt: 'когда начался', answeredAt: 'когда ответили', endedAt: 'когда закончился',
    talkSeconds: 'разговор, с', waitSeconds: 'ожидание, с', recordingUrl: 'ссылка на запись', employee: 'сотрудник', clientName: 'имя клиента',
    answered: 'ответили', missed: 'пропущен', ringing: 'звонит', ended: 'закончился', in: 'входящий', out: 'исходящий',
  },
  {
    name: 'name', phone: 'phone', email: 'e-mail', comment: 'comment', page: 'address of the page', formName: 'name of the form',
    externalId: 'their id of the call', clientPhone: 'the client’s phone', linePhone: 'our number', direction: 'inbound or outbound', phase: 'what has happened', status: 'outcome', startedAt: 'when it began', answeredAt: 'when it was answered', endedAt: 'when it ended',
    talkSeconds: 'talk, s', waitSeconds: 'wait, s', recordingUrl: 'link to the recording', employee: 'employee', clientName: 'the client’s name',
    answered: 'answered', missed: 'missed', ringing: 'ringing', ended: 'ended', in: 'inbound', out: 'outbound',
  },
);

export const meanings = {
  call: ['externalId', 'clientPhone', 'linePhone', 'direction', 'phase', 'status', 'startedAt', 'answeredAt', 'endedAt', 'talkSeconds', 'waitSeconds', 'recordingUrl', 'employee', 'clientName'],
  form: ['name', 'phone', 'email', 'comment', 'page', 'formName'],
  words: ['answered', 'missed', 'ringing', 'ended', 'in', 'out'],
} as const;
