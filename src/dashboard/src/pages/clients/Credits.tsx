import { Alert, Flex, Select, Table, Typography, type TableColumnsType } from 'antd';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { useDealMoney } from '../../parts/crm';
import { isModel, useModelWords } from '../../parts/models';
import { SourceLine } from '../../parts/passport';
import { LeadLink } from '../../parts/PersonLinks';
import { useAddress } from '../../parts/range';

type Credit = Schemas['DealCreditAnswer'];
type Touch = Schemas['DealCreditAnswerStep'];

const texts = defineTexts(
  {
    title: 'Кому сколько досталось', touch: 'Касание', at: 'Когда', source: 'Источник', share: 'Доля', amount: 'Сумма', total: 'Всего', visit: 'Визит', lead: 'Заявка', call: 'Звонок', repeat: 'Повторная покупка без рекламы', nothing: 'Ни одного известного касания',
    window: 'Считаются касания за {{days}} дн. до создания сделки.', noDirect: 'Прямые заходы ничего не получают, пока есть другие.', learnt: 'Модель обучена {{when}} на путях всех клиентов.', notLearnt: 'Модель ещё не обучена: источники считаются равными.', half: 'Вес касания падает вдвое за {{days}} дн.',
    own: '{{name}} (в отчётах)', notWon: 'Сделка не выиграна: в выручку отчётов эти суммы не входят.',
  },
  {
    title: 'Who gets what of it', touch: 'Touch', at: 'When', source: 'Source', share: 'Share', amount: 'Amount', total: 'Total', visit: 'Visit', lead: 'Lead', call: 'Call', repeat: 'A repeat purchase without advertising', nothing: 'No touch is known',
    window: 'Touches of the {{days}} days before the deal count.', noDirect: 'Direct visits get nothing as long as there are others.', learnt: 'The model learnt {{when}} from the ways of all clients.', notLearnt: 'The model has not learnt yet: sources count alike.', half: 'The weight of a touch halves every {{days}} days.',
    own: '{{name}} (in reports)', notWon: 'The deal is not won: these sums are in no report’s revenue.',
  },
);

interface Line {
  readonly key: string;
  readonly touch?: Touch;
  readonly name?: string;
  readonly share: number;
  readonly amount: number;
}

/** How one deal is shared among the touches before it, under the model that is chosen. */
export function Credits({ of, isWon }: { of: Credit; isWon: boolean }) {
  const t = texts.use();
  const f = useFormats();
  const words = useModelWords();
  const money = useDealMoney();
  const [get, set] = useAddress();
  const { id } = useOpenProject();
  const { data: project } = queries.useQuery('get', '/v1/projects/{id}', { params: { path: { id } } }, { staleTime: 600_000 });
  const nameOf = (m: string): string => (isModel(m) ? words.name(m) : m);
  const own = project?.attribution.model ?? 'lastNonDirect';
  const model = get('model') || own;
  const chosen = of.models.find((m) => m.model === model);
  const lines: Line[] = [];
  if (model === 'clientFirst' && of.clientFirst) lines.push({ key: 'first', touch: of.clientFirst.touch, share: 1, amount: of.clientFirst.amount });
  chosen?.credits.forEach((c, i) => lines.push({ key: `${c.kind}${c.id}`, ...(of.path[i] ? { touch: of.path[i] } : {}), share: c.share, amount: c.amount }));
  if (chosen?.repeat) lines.push({ key: 'repeat', name: t('repeat'), share: 1, amount: chosen.repeat });
  if (chosen?.withoutTouches || lines.length === 0) lines.push({ key: 'none', name: t('nothing'), share: 1, amount: chosen?.withoutTouches ?? of.amount });

  const columns: TableColumnsType<Line> = [
    { title: t('touch'), render: (_, l) => (l.touch ? l.touch.kind === 'lead' ? <LeadLink id={l.touch.id} /> : t(l.touch.kind as 'visit') : l.name) },
    { title: t('at'), render: (_, l) => <span className="numbers">{f.moment(l.touch?.at)}</span> },
    { title: t('source'), render: (_, l) => (l.touch ? <SourceLine of={l.touch} /> : f.none) },
    { title: t('share'), align: 'right', render: (_, l) => <span className="numbers">{f.share(l.share)}</span> },
    { title: t('amount'), align: 'right', render: (_, l) => <span className="numbers">{money(l.amount, of.currency)}</span> },
  ];
  const models = [...of.models.map((m) => m.model), ...(of.clientFirst ? ['clientFirst'] : [])];
  const notes = [
    isModel(model) && words.about(model),
    model !== 'clientFirst' && t('window', { days: f.count(of.windowDays) }),
    model === 'timeDecay' && t('half', { days: f.count(of.halfLifeDays) }),
    of.leavesOutDirect && model !== 'clientFirst' && t('noDirect'),
    (model === 'markov' || model === 'shapley') && (of.learntAt ? t('learnt', { when: f.moment(of.learntAt) }) : t('notLearnt')),
    !isWon && t('notWon'),
  ].filter(Boolean);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Flex wrap gap={8} align="center">
        <strong>{t('title')}</strong>
        <Select
          size="small"
          aria-label={words.label}
          value={model}
          onChange={(m) => set({ model: m === own ? undefined : m })}
          options={models.map((m) => ({ value: m, label: m === own ? t('own', { name: nameOf(m) }) : nameOf(m) }))}
          style={{ minWidth: 220 }}
          popupMatchSelectWidth={false}
        />
      </Flex>
      <Typography.Text type="secondary">{notes.join(' ')}</Typography.Text>
      <Table<Line>
        aria-label={t('title')}
        size="small"
        rowKey="key"
        columns={columns}
        dataSource={lines}
        pagination={false}
        scroll={{ x: 560 }}
        summary={() => (
          <Table.Summary.Row>
            <Table.Summary.Cell index={0} colSpan={3}>
              <strong>{t('total')}</strong>
            </Table.Summary.Cell>
            <Table.Summary.Cell index={3} align="right">
              <span className="numbers">{f.share(1)}</span>
            </Table.Summary.Cell>
            <Table.Summary.Cell index={4} align="right">
              <strong className="numbers">{money(of.amount, of.currency)}</strong>
            </Table.Summary.Cell>
          </Table.Summary.Row>
        )}
      />
    </div>
  );
}

/** A deal that is not shared: why. */
export function NoCredits({ why }: { why: string }) {
  return <Alert type="info" showIcon title={why} />;
}
