import { defineTexts } from '../../../app/texts';

export const ways = {
  amocrm: ['oauth', 'token'],
  bitrix24: ['webhook', 'app'],
} as const;
export type Crm = keyof typeof ways;
export type Way = (typeof ways)[Crm][number];

/** What a person does in the CRM, step by step. */
export const stepTexts = defineTexts(
  {
    oauth: 'Вход в аккаунт (OAuth)', oauthAbout: 'Продлевается сам, вебхуки включаются сами. Нужен администратор аккаунта.', token: 'Долгосрочный токен', tokenAbout: 'Без перенаправлений. Срок до пяти лет, продлевать придётся вручную.',
    webhook: 'Входящий вебхук', webhookAbout: 'Быстрее всего: один адрес из портала.', app: 'Локальное приложение', appAbout: 'Вход продлевается сам, события портала приходят сразу, звонки видны в портале.',
    oauth1: 'В amoCRM под администратором: Настройки → Интеграции → Создать интеграцию.', oauth2: 'Адрес перенаправления:', oauth3: 'Адрес хука об отключении:', oauth4: 'Скопируйте сюда id и секретный ключ интеграции. Если у вашего сервиса есть своя интеграция, оставьте поля пустыми.',
    token1: 'Войдите администратором аккаунта.', token2: 'amoМаркет → меню справа вверху → «Создать интеграцию» → приватная («внешняя»). Отметьте доступ к данным аккаунта.', token3: 'На вкладке «Ключи и доступы» создайте долгосрочный токен. Он показывается один раз. Запишите, когда он кончится.', token4: 'Вставьте адрес аккаунта и токен сюда.',
    webhook1: 'Выберите пользователя, от имени которого будут заводиться сделки, лучше служебного. Ему нужно право читать и добавлять все контакты и сделки.', webhook2: 'От его имени: «Разработчикам» → «Другое» → «Входящий вебхук». Права: CRM (crm) и Пользователи (user), чтобы выбирать ответственных по имени. Нужен платный тариф.', webhook3: 'Скопируйте адрес как есть и вставьте сюда. Он секретен целиком.',
    app1: 'Нажмите «Начать»: появится адрес для портала.', app2: '«Разработчикам» → «Другое» → «Локальное приложение»: серверное, без интерфейса, права crm, user, telephony. Полученный адрес — путь обработчика и путь первоначальной установки.', app3: 'Сохраните приложение: портал сам обратится к сервису.', app4: 'После этого введите здесь его client_id и client_secret.',
  },
  {
    oauth: 'Login to the account (OAuth)', oauthAbout: 'Renews itself, webhooks are set up by themselves. Needs an administrator of the account.', token: 'Long-lived token', tokenAbout: 'No redirects. Lives up to five years and is renewed by hand.',
    webhook: 'Inbound webhook', webhookAbout: 'The quickest: one address from the portal.', app: 'Local application', appAbout: 'The login renews itself, events come at once, calls are seen in the portal.',
    oauth1: 'In amoCRM as an administrator: Settings → Integrations → Create integration.', oauth2: 'Redirect address:', oauth3: 'Address of the hook on disabling:', oauth4: 'Copy the id and the secret of the integration here. If your service has an integration of its own, leave the fields empty.',
    token1: 'Sign in as an administrator of the account.', token2: 'amoMarket → menu at the top right → “Create integration” → private (“external”). Allow access to the account’s data.', token3: 'In the tab “Keys and scopes” make a long-lived token. It is shown once. Note when it ends.', token4: 'Put the account’s address and the token here.',
    webhook1: 'Choose the user on whose behalf deals are to be made, best a technical one. It must be able to read and add all contacts and deals.', webhook2: 'As that user: “Developer resources” → “Other” → “Inbound webhook”. Permissions: CRM (crm), and Users (user) to choose the responsible by name. Needs a paid plan.', webhook3: 'Copy the address as it is and put it here. All of it is secret.',
    app1: 'Press “Begin”: an address for the portal appears.', app2: '“Developer resources” → “Other” → “Local application”: server, without an interface, permissions crm, user, telephony. The address is both the handler and the initial installation path.', app3: 'Save the application: the portal calls the service by itself.', app4: 'After that enter its client_id and client_secret here.',
  },
);

/** Of {@link stepTexts}, in order. */
export const steps = {
  oauth: ['oauth1', 'oauth2', 'oauth3', 'oauth4'],
  token: ['token1', 'token2', 'token3', 'token4'],
  webhook: ['webhook1', 'webhook2', 'webhook3'],
  app: ['app1', 'app2', 'app3', 'app4'],
} as const satisfies Record<Way, readonly string[]>;
