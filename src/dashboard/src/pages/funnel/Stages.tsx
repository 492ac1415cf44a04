import { Card, Flex, Table, Typography, type TableColumnsType } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useBehind, type Behind } from '../../parts/Behind';
import { Change } from '../../parts/Figure';
import { Files } from '../../parts/Files';
import { GroupPick } from '../../parts/GroupPick';
import { filterOf } from '../../parts/groups';
import { Opens } from '../../parts/Opens';
import { useChoice } from '../../parts/Pick';
import { Shown, useReport } from '../../parts/report';
import { ShareOf, SmallSharesNote } from '../../parts/Share';
import { Nothing } from '../../parts/States';
import { useFunnelQuery } from './asked';
import { ByGroup } from './ByGroup';

const texts = defineTexts(
  {
    about: 'Сделки, заведённые в эти дни, со всем, что с ними стало к этому моменту. У вчерашних было меньше времени, чем у прошлогодних.', stage: 'Этап', reached: 'Дошли', fromPrevious: 'С прошлого этапа', jumped: 'Перепрыгнули', standing: 'Стоят сейчас', lost: 'Проиграны здесь',
    time: 'Время на этапе', timeHint: 'медиана по сделкам, которые этап уже прошли; рядом — время, в которое уложились девять из десяти.', reachedHint: 'стояли на этом этапе или на одном из следующих.', jumpedHint: 'ушли дальше, ни разу не побывав на этом этапе.', win: 'Выиграны', slow: '9 из 10: {{span}}',
    deals: 'Сделок', open: 'в работе', won: 'выиграно', lostAll: 'проиграно', reopened: 'открыты заново', elsewhere: 'на удалённом этапе',
    none: 'За эти дни сделок не заведено. Они появятся, когда подключена CRM и в ней есть сделки.', openDeals: '{{pipeline}} · {{what}}',
  },
  {
    about: 'Deals made on these days, with all that has become of them since. Yesterday’s have had less time than last year’s.', stage: 'Stage', reached: 'Reached', fromPrevious: 'From the stage before', jumped: 'Jumped over', standing: 'Standing now', lost: 'Lost here',
    time: 'Time in the stage', timeHint: 'the median of deals that have left the stage; beside it the time that nine of ten needed.', reachedHint: 'stood in this stage or in a later one.', jumpedHint: 'went further without ever standing in this stage.', win: 'Won', slow: '9 of 10: {{span}}',
    deals: 'Deals', open: 'open', won: 'won', lostAll: 'lost', reopened: 'opened again', elsewhere: 'in a deleted stage',
    none: 'No deals were made on these days. They appear once a CRM is connected and has deals.', openDeals: '{{pipeline}} · {{what}}',
  },
);

type Step = Schemas['FunnelStepAnswer'];
const groups = ['source', 'channel', 'campaign', 'manager', 'site', 'week', 'month'] as const;
const path = '/v1/reports/funnel/rows';

/** How far deals came, pipeline by pipeline. */
export function Stages() {
  const t = texts.use();
  const query = useFunnelQuery();
  const groupBy = useChoice('by', ['', ...groups], '');
  const asked = { ...query, groupBy };
  const report = useReport<Schemas['GetFunnelResponse']>('/v1/reports/funnel', asked);
  const [open, drawer] = useBehind();
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 320px' }}>{t('about')}</Typography.Text>
        <Flex gap={8} wrap>
          <GroupPick groups={groups} />
          <Files path="/v1/reports/funnel" query={asked} />
        </Flex>
      </Flex>
      <Shown of={report}>
        {(data) => (data.pipelines.length === 0 ? <Card><Nothing what={t('none')} /></Card> : data.pipelines.map((p) => <Pipeline key={`${p.connectionId} ${p.pipelineId}`} of={p} groupBy={groupBy} query={query} open={open} />))}
      </Shown>
      {drawer}
    </div>
  );
}

function Pipeline({ of, groupBy, query, open }: { of: Schemas['PipelineFunnel']; groupBy: string; query: ReturnType<typeof useFunnelQuery>; open: (behind: Behind) => void }) {
  const t = texts.use();
  const f = useFormats();
  const { total } = of;
  const show = (what: string, title: string, more: Record<string, string | undefined> = {}): void =>
    open({ kind: 'teamDeals', path, title: t('openDeals', { pipeline: of.name ?? '', what: title }), query: { ...query, compare: undefined, pipeline: of.pipelineId, connectionId: of.connectionId, what, ...more } });
  const count = (n: number, what: string, step: Step, title: string) =>
    n > 0 ? (
      <Opens label={`${step.name ?? ''}, ${title}: ${n}`} onOpen={() => show(what, `${step.isWinning ? t('win') : (step.name ?? '')}, ${title.toLowerCase()}`, { stage: step.isWinning ? 'won' : (step.stageId ?? undefined) })}>
        {f.count(n)}
      </Opens>
    ) : (
      '0'
    );
  const before = new Map(total.previous?.steps.map((s) => [s.stageId, s]));
  const number = { align: 'right', className: 'numbers' } as const;
  const columns: TableColumnsType<Step> = [
    { title: t('stage'), dataIndex: 'name', width: 165, render: (name: string | null, s) => (s.isWinning ? <strong>{t('win')}</strong> : (name ?? f.none)) },
    { title: t('reached'), width: 250, render: (_, s) => <Bar share={s.fromStart.value ?? 0} isWinning={s.isWinning} text={<>{count(s.reached, 'reached', s, t('reached'))} · {f.share(s.fromStart.value)}</>} /> },
    {
      title: t('fromPrevious'), ...number,
      render: (_, s) => (
        <>
          <ShareOf of={s.fromPrevious} />
          <div><Change now={s.fromPrevious.value} before={before.get(s.stageId)?.fromPrevious.value} write={f.share} isLessBetter={false} /></div>
        </>
      ),
    },
    { title: t('lost'), ...number, render: (_, s) => (s.isWinning ? '' : count(s.lostHere, 'lostHere', s, t('lost'))) },
    { title: t('standing'), ...number, render: (_, s) => (s.isWinning ? '' : count(s.standingNow, 'standing', s, t('standing'))) },
    { title: t('jumped'), ...number, render: (_, s) => (s.isWinning ? '' : count(s.jumpedOver, 'jumpedOver', s, t('jumped'))) },
    {
      title: t('time'), ...number,
      render: (_, s) =>
        s.isWinning ? '' : (
          <>
            {f.span(s.medianSeconds)}
            {s.slowSeconds !== null && s.slowSeconds !== undefined && <Typography.Text type="secondary" style={{ display: 'block', fontSize: 12 }}>{t('slow', { span: f.span(s.slowSeconds) })}</Typography.Text>}
          </>
        ),
    },
  ];
  const facts = [
    { name: t('deals'), what: 'deals', n: total.deals }, { name: t('open'), what: 'open', n: total.open }, { name: t('won'), what: 'won', n: total.won, share: total.wonShare }, { name: t('lostAll'), what: 'lost', n: total.lost, share: total.lostShare },
    { name: t('reopened'), what: 'reopened', n: total.reopened },
  ];
  return (
    <Card size="small" title={of.name}>
      <div className="stack" style={{ gap: 10 }}>
        <Flex wrap gap="4px 20px">
          {facts.filter((x) => x.n > 0).map((x) => (
            <span key={x.what} className="numbers">
              {x.name}: <Opens onOpen={() => show(x.what, x.name.toLowerCase())} label={`${x.name}: ${x.n}`}>{f.count(x.n)}</Opens>
              {x.share && <Typography.Text type="secondary"> {f.share(x.share.value)}</Typography.Text>}
            </span>
          ))}
          {total.elsewhere > 0 && <span className="numbers">{t('elsewhere')}: {f.count(total.elsewhere)}</span>}
        </Flex>
        <Table<Step> size="small" pagination={false} scroll={{ x: 'max-content' }} rowKey={(s) => s.stageId ?? 'won'} columns={columns} dataSource={total.steps} />
        <Typography.Text type="secondary" style={{ fontSize: 13 }}>
          {(['reached', 'jumped', 'time'] as const).map((k) => `${t(k)}: ${t(`${k}Hint`)}`).join(' ')}
        </Typography.Text>
        <SmallSharesNote />
        {groupBy && of.items.length > 0 && <ByGroup items={of.items} groupBy={groupBy} onOpen={(key, name, what) => show(what, name, filterOf(groupBy, key))} />}
      </div>
    </Card>
  );
}

function Bar({ share, isWinning, text }: { share: number; isWinning: boolean; text: React.ReactNode }) {
  return (
    <Flex align="center" gap={8}>
      <div aria-hidden style={{ width: 110, flex: 'none' }}>
        <div style={{ width: `${Math.max(share * 100, 1)}%`, height: 16, borderRadius: 3, background: isWinning ? 'var(--ant-color-success, #237804)' : 'var(--ant-color-primary, #1f5fd0)', opacity: 0.75 }} />
      </div>
      <span className="numbers">{text}</span>
    </Flex>
  );
}
