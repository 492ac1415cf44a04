/** What to switch on at whoever sends, in order: [Russian, English]. Short for the pages in api-spec/senders. */
export type Step = readonly [string, string];

const paste: Step = ['Вставьте адрес: настройки сайта → Интеграции → Вебхук.', 'Paste the address: site settings → Integrations → Webhook.'];
const generic: readonly Step[] = [
  ['Вставьте адрес туда, где указывают URL для новых заявок, или отправляйте туда сами: POST с JSON, формой или multipart, либо GET с параметрами.', 'Paste the address wherever a URL for new enquiries is entered, or post to it yourself: POST with JSON, a form or multipart, or GET with a query.'],
  ['Так работают Яндекс Формы, LPgenerator, Envybox, Fluent Forms, Albato, n8n, Make.', 'Yandex Forms, LPgenerator, Envybox, Fluent Forms, Albato, n8n and Make come this way.'],
];

export const guides: Readonly<Record<string, readonly Step[]>> = {
  'form/tilda': [
    ['Настройки сайта → Формы → Webhook: вставьте адрес. Отметьте «Посылать cookies»: в них рекламные метки.', 'Site settings → Forms → Webhook: paste the address. Tick “send cookies”: the advertising tags are in them.'],
    ['Нужен секрет — там же в API задайте имя и значение.', 'If you want a secret: a name and a value under API, in the same place.'],
    ['Включите webhook в каждой форме и опубликуйте все страницы заново: чаще всего забывают это.', 'Tick the webhook in every form and publish all pages again: this is what is usually forgotten.'],
  ],
  'form/cf7': [['Поставьте плагин «CF7 to Webhook». В форме на вкладке Webhook включите его и вставьте адрес.', 'Install the plugin “CF7 to Webhook”. In the form’s tab Webhook switch it on and paste the address.']],
  'form/elementor': [['В форме: Actions After Submit → Webhook, вставьте адрес и включите Advanced Data. Секрет — прямо в адресе (?secret=…).', 'In the form: Actions After Submit → Webhook, paste the address, switch Advanced Data on. A secret goes into the address (?secret=…).']],
  'form/wpforms': [['Дополнение Webhooks: Settings → Webhooks, вставьте адрес, POST. Передайте телефон или почту, а также form_id и entry_id.', 'The add-on Webhooks: Settings → Webhooks, paste the address, POST. Map phone or e-mail, and form_id and entry_id too.']],
  'form/gravity': [['Дополнение Webhooks: Settings → Webhooks, вставьте адрес, POST, JSON, All Fields.', 'The add-on Webhooks: Settings → Webhooks, paste the address, POST, JSON, All Fields.']],
  'form/ninja': [['Дополнение Webhooks: Emails & Actions → Webhook, вставьте адрес, POST, назовите аргументы.', 'The add-on Webhooks: Emails & Actions → Webhook, paste the address, POST, name the arguments.']],
  'form/marquiz': [['В квизе: Интеграции → Webhook, вставьте адрес.', 'In the quiz: Integrations → Webhook, paste the address.']],
  'form/flexbe': [paste],
  'form/creatium': [paste],
  'form/google-lead-form': [['В объекте «Форма для лидов»: Экспорт → Webhook. Вставьте адрес и своё слово как ключ. «Отправить тестовые данные» создаст пробную заявку.', 'The lead form asset → Export leads → Webhook: paste the address and a word of your own as the key. “Send test data” makes a test lead.']],
  'form/vk-lead-form': [
    ['Сообщество → Управление → Работа с API → Callback API: перепишите отсюда строку подтверждения и придумайте секретный ключ.', 'Community → Manage → API → Callback API: copy the confirmation string from there and choose a secret key.'],
    ['Вставьте адрес там же и нажмите «Подтвердить».', 'Paste the address there and press “Confirm”.'],
    ['Типы событий: «Формы сбора заявок» → «Новая заявка».', 'Event types: lead forms → “New application”.'],
  ],
  'form/facebook-lead': [['Коннектор (n8n, Make, Albato) забирает заявку и отправляет её на адрес с field_data: сразу будет заявка. Собственный вебхук Meta содержит только номер.', 'A connector (n8n, Make, Albato) fetches the lead and posts it to the address with field_data: a lead at once. Meta’s own webhook holds only an id.']],
  'form/jivo': [['Настройки → канал → Интеграция → Вебхуки: вставьте адрес.', 'Settings → the channel → Integration → Webhooks: paste the address.']],
  'form/generic': generic,
  'call/calltouch': [
    ['Интеграции → Отправка данных во внешние системы → Webhooks → Лиды: вставьте адрес, метод POST.', 'Integrations → sending data to external systems → Webhooks → Leads: paste the address, method POST.'],
    ['Моменты: начало и конец звонка. «Регистрация заявки» — выключить.', 'Moments: call start and call end. Leave “request registered” off.'],
    ['Параметры: отметьте все. Проверка: «Отправить тест».', 'Parameters: tick all. To check: “Send test”.'],
  ],
  'call/uis': [
    ['Уведомления → по одному на: входящий звонок, завершение разговора, потерянный звонок, готова запись. Вид: HTTP.', 'Notifications → one for each of: inbound call, talk finished, lost call, recording completed. Kind: HTTP.'],
    ['Вставьте адрес, POST, JSON.', 'Paste the address, POST, JSON.'],
    ['Тело: {"event":"call_finished","call_session_id":"{{call_session_id}}","ts":"{{notification_timestamp}}","direction":"{{direction}}","client":"{{contact_phone_number}}","line":"{{virtual_phone_number}}","talk":"{{talk_time_duration}}","wait":"{{wait_time_duration}}"}; слово события — своё у каждого уведомления.',
      'Body: {"event":"call_finished","call_session_id":"{{call_session_id}}","ts":"{{notification_timestamp}}","direction":"{{direction}}","client":"{{contact_phone_number}}","line":"{{virtual_phone_number}}","talk":"{{talk_time_duration}}","wait":"{{wait_time_duration}}"}; each notification has its own event.'],
  ],
  'call/callibri': [['Интеграции → Вебхук, только для звонков: вставьте адрес.', 'Integrations → webhook, for calls only: paste the address.']],
  'call/mango': [
    ['Личный кабинет → Интеграции → API-коннектор (платная услуга): вставьте адрес внешней системы.', 'Cabinet → Integrations → API connector (a paid option): paste the address of the external system.'],
    ['Перепишите оттуда «Уникальный код вашей АТС» и «Ключ для создания подписи».', 'Copy from there the “unique code of your PBX” and the “key to make the signature”.'],
    ['Коллтрекинг Mango не подписывает запросы: для него сделайте второго отправителя без секретов.', 'Mango’s call tracking does not sign: make a second sender for it, without secrets.'],
  ],
  'call/zadarma': [
    ['Интеграции и API → Уведомления о звонках АТС: вставьте адрес.', 'Integrations and API → notifications about calls of the PBX: paste the address.'],
    ['Включите NOTIFY_START, NOTIFY_INTERNAL, NOTIFY_ANSWER, NOTIFY_END, NOTIFY_OUT_START, NOTIFY_OUT_END, NOTIFY_RECORD.', 'Switch on NOTIFY_START, NOTIFY_INTERNAL, NOTIFY_ANSWER, NOTIFY_END, NOTIFY_OUT_START, NOTIFY_OUT_END, NOTIFY_RECORD.'],
    ['Часовой пояс отправителя — как в кабинете.', 'The sender’s time zone is that of the cabinet.'],
  ],
  'call/roistat': [['Коллтрекинг → сценарий → расширенные настройки → webhook: вставьте адрес. Пересылку звонков в CRM у Roistat выключите, иначе будет две сделки.', 'Call tracking → the scenario → advanced settings → webhook: paste the address. Switch Roistat’s own forwarding of calls to the CRM off, or each becomes a deal twice.']],
  'call/megafon': [
    ['Настройки → Интеграция с CRM → Ваша CRM: вставьте адрес.', 'Settings → Integration with a CRM → your own CRM: paste the address.'],
    ['Перепишите оттуда «Ключ для авторизации в вашей CRM» (crm_token).', 'Copy the “key for authorisation in the CRM” (crm_token) from there.'],
  ],
  'call/beeline': [['Кабинет → API: создайте токен и подпишитесь на события звонков с этим адресом. Подписка кончается: продлевайте её.', 'Cabinet → API: make a token and subscribe to events of calls with this address. A subscription expires: renew it.']],
  'call/mts': [
    ['vpbx.mts.ru → веб-хуки: вставьте адрес.', 'vpbx.mts.ru → web hooks: paste the address.'],
    ['Позвоните один раз и посмотрите поля звонка (или «Не разобрано»); незнакомые имена впишите в карту полей ниже.', 'Call the number once, look at the call’s fields (or at what could not be read), and name unknown ones in the field map below.'],
  ],
  'call/twilio': [['Номер → Voice → «Call status changes»: вставьте адрес, POST. Тот же адрес годится для записей.', 'The number → Voice → “Call status changes”: paste the address, POST. The same address serves for recordings.']],
  'call/generic': [
    ['Отправляйте на адрес одно сообщение в конце звонка или несколько, в любом порядке: POST или GET. Всё с одним id — один звонок.', 'Send one message to the address at the end of a call, or several in any order: POST or GET. All with one id are one call.'],
    ['Ответ 200 — сохранено; 503 — повторите.', 'The answer 200: stored; 503: send again.'],
  ],
};

/** Who proves nothing by a signature: the address itself, or its secret, is the proof. */
export const secretNames: Readonly<Record<string, { secret?: Step; key?: Step; confirmation?: Step }>> = {
  'form/tilda': { secret: ['Значение API-ключа', 'Value of the API key'], key: ['Имя этого ключа', 'Name of that key'] },
  'form/google-lead-form': { secret: ['Ключ, который вы ввели рядом с адресом', 'The key that you entered beside the address'] },
  'form/vk-lead-form': { secret: ['Секретный ключ Callback API', 'Secret key of the Callback API'], confirmation: ['Строка, которую должен вернуть сервер', 'The string that the server must return'] },
  'form/facebook-lead': { secret: ['App secret', 'App secret'], key: ['Слово для коннектора', 'A word for the connector'], confirmation: ['Verify token', 'Verify token'] },
  'call/uis': { secret: ['Слово в поле token сообщения', 'The word in the message’s token'] },
  'call/mango': { secret: ['Ключ для создания подписи (vpbx_api_salt)', 'Key to make the signature (vpbx_api_salt)'], key: ['Уникальный код АТС (vpbx_api_key)', 'Unique code of the PBX (vpbx_api_key)'] },
  'call/zadarma': { secret: ['API Secret (не Key)', 'API secret (not the key)'] },
  'call/megafon': { secret: ['crm_token', 'crm_token'] },
  'call/twilio': { secret: ['Auth token', 'Auth token'] },
};
export const usualSecret: { secret: Step; key: Step; confirmation: Step } = {
  secret: ['Слово на ваш выбор: в адресе (?secret=…) или в заголовке X-Secret', 'A word of your choice: in the address (?secret=…) or the header X-Secret'],
  key: ['Другое имя для него, если конструктор не даёт выбрать', 'Another name for it, where the builder does not let you choose'],
  confirmation: ['Ответ на проверку адреса', 'What a check of the address is answered with'],
};
