import { InboxOutlined } from '@ant-design/icons';
import { Alert, App, AutoComplete, Button, Card, Collapse, Flex, Form, Input, Select, Spin, Typography, Upload } from 'antd';
import { useRef, useState } from 'react';
import { queries, type Problem, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { wordsOf } from '../../parts/States';
import { useChange } from '../../parts/change';
import { DayItem, Pair } from '../../parts/forms';
import { Imports } from './Imports';
import { Understood } from './Understood';
import { useTableWords } from './words';
import { importSpend, preview, type Said } from './upload';

const texts = defineTexts(
  {
    file: 'Перетащите сюда файл или нажмите, чтобы выбрать', formats: 'CSV, TSV или XLSX до 20 МБ: выгрузка из Директа, VK Рекламы, Google Ads, Метрики или ваша таблица со столбцами «день» и «сумма». Сначала покажем, как он понят; ничего не сохранится.', chosen: 'Файл: {{name}}',
    account: 'Кабинет', accountHelp: 'Выберите из списка или напишите название нового. Файл заменит расход этого кабинета за свои дни.', details: 'Уточнить', source: 'Источник для строк без него', medium: 'Тип для строк без него', currency: 'Валюта сумм', vat: 'НДС в суммах', asFile: 'Как сказано в файле',
    yes: 'Суммы с НДС', no: 'Суммы без НДС', decimal: 'Дробная часть', comma: 'Через запятую', point: 'Через точку', order: 'Порядок в дате', dayFirst: 'Сначала день', monthFirst: 'Сначала месяц', from: 'Файл говорит за дни с', to: 'по', period: 'Дни, которых в файле нет, тогда будут без расхода.',
    import_one: 'Загрузить {{count}} строку', import_few: 'Загрузить {{count}} строки', import_many: 'Загрузить {{count}} строк', import_other: 'Загрузить {{count}} строки', other: 'Другой файл', done: 'Загружено строк: {{taken}}. Отменить можно в списке ниже.', nothing: 'В файле не понято ни одной строки: проверьте, что это за столбцы.', needAccount: 'Назовите кабинет, чтобы загрузить.',
  },
  {
    file: 'Drop a file here or click to choose one', formats: 'CSV, TSV or XLSX up to 20 MB: an export of Direct, VK Ads, Google Ads, Metrica, or a table of your own with a day and an amount. First you see how it is understood; nothing is kept.', chosen: 'File: {{name}}',
    account: 'Cabinet', accountHelp: 'Choose one or write the name of a new one. The file replaces the spend of this cabinet on its days.', details: 'More', source: 'Source of rows without one', medium: 'Medium of rows without one', currency: 'Currency of the amounts', vat: 'VAT in the amounts', asFile: 'As the file says',
    yes: 'With VAT', no: 'Without VAT', decimal: 'Decimal mark', comma: 'Comma', point: 'Point', order: 'Order in dates', dayFirst: 'Day first', monthFirst: 'Month first', from: 'The file speaks for days from', to: 'to', period: 'Days that the file does not name then cost nothing.',
    import_one: 'Import {{count}} row', import_other: 'Import {{count}} rows', other: 'Another file', done: '{{taken}} rows are imported. You can undo this in the list below.', nothing: 'Not a single row was understood: check what the columns are.', needAccount: 'Name the cabinet to import.',
  },
);

type Values = Omit<Said, 'columns' | 'accountId' | 'account'> & { account?: string };

/** A table of spend: first how it is understood, then its import, which may be undone. */
export default function Import() {
  const t = texts.use();
  const f = useFormats();
  const [change, isLoading] = useChange({ touches: 'all' });
  const tableWords = useTableWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [file, setFile] = useState<File>();
  const [columns, setColumns] = useState<Readonly<Record<string, string>>>({});
  const [report, setReport] = useState<Schemas['SpendReport']>();
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);
  const turn = useRef(0);
  const accounts = queries.useQuery('get', '/v1/spend/accounts', { params: { query: { limit: 500 } } });
  const account = Form.useWatch('account', form);

  const said = (named: Readonly<Record<string, string>>): Said => {
    const { account: typed, ...rest } = form.getFieldsValue();
    const name = typed?.trim();
    const known = accounts.data?.items.find((a) => a.name === name);
    return { ...rest, ...(known ? { accountId: known.id } : { account: name }), columns: named };
  };
  const look = async (of: File, named: Readonly<Record<string, string>>): Promise<void> => {
    const mine = ++turn.current;
    setBusy(true);
    const { data, error } = await preview(of, said(named));
    if (mine !== turn.current) return;
    setBusy(false);
    setProblem(error);
    if (data) setReport(data);
  };
  const reset = (): void => {
    turn.current++;
    setFile(undefined);
    setReport(undefined);
    setProblem(undefined);
    setColumns({});
    setBusy(false);
  };
  const load = async (): Promise<void> => {
    if (!file) return;
    const loaded = await change(importSpend(file, said(columns)), { form });
    if (!loaded) return;
    void message.success(t('done', { taken: f.count(loaded.data?.taken ?? 0) }));
    reset();
  };

  return (
    <div className="stack">
      <Card size="small">
        {!file && (
          <Upload.Dragger
            accept=".csv,.tsv,.txt,.xlsx" multiple={false} showUploadList={false}
            beforeUpload={(chosen) => {
              setFile(chosen);
              setColumns({});
              void look(chosen, {});
              return false;
            }}
          >
            <p><InboxOutlined style={{ fontSize: 36 }} aria-hidden /></p>
            <p>{t('file')}</p>
            <Typography.Text type="secondary">{t('formats')}</Typography.Text>
          </Upload.Dragger>
        )}
        <Form<Values> form={form} layout="vertical" hidden={!file} initialValues={{ vatIncluded: '', decimalMark: '', dateOrder: '' }} onValuesChange={(changed: Partial<Values>) => file && !('account' in changed) && void look(file, columns)}>
          {file && <Flex wrap gap={8} align="center" style={{ marginBottom: 12 }}><strong className="breakable">{t('chosen', { name: file.name })}</strong><Button size="small" onClick={reset}>{t('other')}</Button></Flex>}
          <Form.Item name="account" label={t('account')} extra={t('accountHelp')} style={{ maxWidth: 480 }}>
            <AutoComplete allowClear showSearch={{ filterOption: (typed, o) => (o?.value ?? '').toLowerCase().includes(typed.toLowerCase()) }} options={(accounts.data?.items ?? []).map((a) => ({ value: a.name }))} onSelect={() => file && void look(file, columns)} />
          </Form.Item>
          <Collapse
            size="small" items={[{
              key: 'more', label: t('details'), forceRender: true,
              children: (
                <Pair>
                  <Form.Item name="source" label={t('source')}><Input placeholder="yandex" /></Form.Item>
                  <Form.Item name="medium" label={t('medium')}><Input placeholder="cpc" /></Form.Item>
                  <Form.Item name="currency" label={t('currency')}><Input placeholder="RUB" maxLength={3} /></Form.Item>
                  <Form.Item name="vatIncluded" label={t('vat')}><Select options={[{ value: '', label: t('asFile') }, { value: 'yes', label: t('yes') }, { value: 'no', label: t('no') }]} /></Form.Item>
                  <Form.Item name="decimalMark" label={t('decimal')}><Select options={[{ value: '', label: t('asFile') }, { value: 'comma', label: t('comma') }, { value: 'point', label: t('point') }]} /></Form.Item>
                  <Form.Item name="dateOrder" label={t('order')}><Select options={[{ value: '', label: t('asFile') }, { value: 'day', label: t('dayFirst') }, { value: 'month', label: t('monthFirst') }]} /></Form.Item>
                  <DayItem name="from" label={t('from')} extra={t('period')} />
                  <DayItem name="to" label={t('to')} />
                </Pair>
              ),
            }]}
          />
        </Form>
        {problem && <Alert type="error" showIcon style={{ marginTop: 12 }} title={problem.errors ? Object.values(problem.errors).flat().map(tableWords).join(' ') : tableWords(wordsOf(problem))} />}
        {file && !report && isBusy && <Spin style={{ margin: 24 }} />}
        {file && report && (
          <div className="stack" style={{ marginTop: 16 }} aria-busy={isBusy}>
            <Understood
              report={report}
              onColumn={(title, field) => {
                const next = { ...columns, [title]: field };
                setColumns(next);
                void look(file, next);
              }}
            />
            {report.taken === 0 && <Alert type="error" showIcon title={t('nothing')} />}
            <Flex gap={12} align="center" wrap>
              <Button type="primary" size="large" loading={isLoading} disabled={report.taken === 0 || !account?.trim()} onClick={() => void load()}>{t('import', { count: report.taken })}</Button>
              {!account?.trim() && <Typography.Text type="secondary">{t('needAccount')}</Typography.Text>}
            </Flex>
          </div>
        )}
      </Card>
      <Imports />
    </div>
  );
}
