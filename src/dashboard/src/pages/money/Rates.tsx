import { UploadOutlined } from '@ant-design/icons';
import { App, Button, Card, Flex, Select, Table, Typography, Upload } from 'antd';
import { api, queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts, useLanguage } from '../../app/texts';
import { useAddress } from '../../parts/range';
import { Answer, Nothing } from '../../parts/States';
import { useChange } from '../../parts/change';


type Rate = Schemas['ListRatesRate'];

const texts = defineTexts(
  {
    about: 'По этим курсам расход и сделки в других валютах переводятся в валюту проекта. Подойдут файлы Банка России XML_daily и XML_dynamic или CSV: день, валюта, номинал, курс.', load: 'Загрузить файл курсов', currency: 'Валюта', all: 'Все валюты', day: 'С дня', rate: 'Рублей', per: 'за единиц',
    empty: 'Здесь будут курсы валют. Нужны, только если расход или сделки бывают не в рублях: загрузите файл Банка России.', done: 'Загружено курсов: {{count}} ({{currencies}}), {{from}} – {{to}}',
  },
  {
    about: 'By these rates spend and deals in other currencies are converted to the project’s. Files XML_daily and XML_dynamic of the Central Bank of Russia will do, or a CSV of day, currency, nominal and rate.', load: 'Load a file of rates', currency: 'Currency', all: 'All currencies', day: 'From the day', rate: 'Roubles', per: 'for units',
    empty: 'Rates will stand here. They are needed only where spend or deals are not in roubles: load a file of the Central Bank of Russia.', done: '{{count}} rates are loaded ({{currencies}}), {{from}} – {{to}}',
  },
);

const base64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(new Error(file.name));
    reader.readAsDataURL(file);
  });

/** Rates that other currencies are converted by. */
export default function Rates() {
  const t = texts.use();
  const f = useFormats();
  const lang = useLanguage();
  const [change, isBusy] = useChange({ touches: 'all' });
  const { message } = App.useApp();
  const [get, set] = useAddress();
  const currency = get('currency');
  const answer = queries.useQuery('get', '/v1/spend/rates', { params: { query: currency ? { currency } : {} } });
  const load = async (file: File): Promise<void> => {
    const loaded = (await change(base64(file).then((text) => api.POST('/v1/spend/rates', { body: { base64: text } }))))?.data;
    if (loaded) void message.success(t('done', { count: loaded.rates, currencies: loaded.currencies.join(', '), from: f.day(loaded.firstDay), to: f.day(loaded.lastDay) }));
  };
  return (
    <Card size="small">
      <div className="stack">
        <Typography.Text type="secondary">{t('about')}</Typography.Text>
        <Flex wrap gap={8}>
          <Upload accept=".xml,.csv,.txt" showUploadList={false} beforeUpload={(file) => { void load(file); return false; }}>
            <Button type="primary" icon={<UploadOutlined />} loading={isBusy}>{t('load')}</Button>
          </Upload>
          <Select aria-label={t('currency')} value={currency} onChange={(v) => set({ currency: v })} style={{ minWidth: 160 }} options={[{ value: '', label: t('all') }, ...['USD', 'EUR', 'CNY', 'KZT', 'BYN', 'TRY', 'AED', 'GBP'].map((c) => ({ value: c, label: c }))]} />
        </Flex>
        <Answer of={answer}>
          {(data) => (
            <Table<Rate>
              size="small" rowKey={(r) => `${r.currency}${r.day}`} dataSource={data.items as Rate[]} pagination={data.items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false} scroll={{ x: 'max-content' }} locale={{ emptyText: <Nothing what={t('empty')} /> }}
              columns={[
                { title: t('currency'), dataIndex: 'currency' },
                { title: t('day'), className: 'numbers', render: (_, r) => f.day(r.day) },
                { title: t('rate'), align: 'end', className: 'numbers', render: (_, r) => r.rubles.toLocaleString(lang === 'en' ? 'en-GB' : 'ru-RU', { maximumFractionDigits: 4 }) },
                { title: t('per'), align: 'end', className: 'numbers', render: (_, r) => f.count(r.nominal) },
              ]}
            />
          )}
        </Answer>
      </div>
    </Card>
  );
}
