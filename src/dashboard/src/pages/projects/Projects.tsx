import { PlusOutlined } from '@ant-design/icons';
import { Button, Card, Table, Tag, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { queries, type Schemas } from '../../api/client';
import { formatsOf, useFormats } from '../../app/formats';
import { useSession, type Role } from '../../app/session';
import { defineTexts, useLanguage } from '../../app/texts';
import { RangeBar, useRange } from '../../parts/range';
import { useRoleName } from '../../parts/roles';
import { Room } from '../../parts/Room';
import { Answer } from '../../parts/States';
import { NewProject } from './NewProject';
import { NoProject } from './NoProject';

type Row = Schemas['GetProjectsOverviewProjectFigures'];

const texts = defineTexts(
  {
    title: 'Все проекты', about: 'Каждый проект считает в своей валюте и своём часовом поясе.', add: 'Новый проект', name: 'Проект', role: 'Роль', spend: 'Расход', leads: 'Заявки', cpl: 'CPL', deals: 'Сделки', won: 'Продажи', revenue: 'Выручка',
    payback: 'выручка / расход: 100 % — окупились', net: '(выручка − расход) / расход: 0 % — окупились', alerts: 'Внимание', demo: 'Демо',
  },
  {
    title: 'All projects', about: 'Each project counts in its own currency and time zone.', add: 'New project', name: 'Project', role: 'Role', spend: 'Spend', leads: 'Leads', cpl: 'CPL', deals: 'Deals', won: 'Won', revenue: 'Revenue',
    payback: 'revenue / spend: 100 % is break-even', net: '(revenue − spend) / spend: 0 % is break-even', alerts: 'Alerts', demo: 'Demo',
  },
);

export default function Projects() {
  return useSession()?.projects.length === 0 ? <NoProject /> : <AllProjects />;
}

/** What an agency begins its day with: every project on one screen. */
function AllProjects() {
  const t = texts.use();
  const f = useFormats();
  const lang = useLanguage();
  const role = useRoleName();
  const range = useRange();
  const figures = queries.useQuery('get', '/v1/projects/overview', { params: { query: { from: range.from, to: range.to } } });
  const [isAdding, setAdding] = useState(false);
  const money = (row: Row, value: number | null | undefined): string => formatsOf(lang, row.currency).money(value);

  const columns: TableColumnsType<Row> = [
    {
      title: t('name'), dataIndex: 'name', fixed: 'left', render: (name: string, r) => (
        <>
          <Link to={`/p/${r.id}`}>{name}</Link> {r.isDemo && <Tag color="gold">{t('demo')}</Tag>}
        </>
      ),
    },
    { title: t('role'), dataIndex: 'role', render: (r: Role) => role(r) },
    { title: t('spend'), align: 'right', className: 'numbers', render: (_, r) => money(r, r.spend) },
    { title: t('leads'), align: 'right', className: 'numbers', render: (_, r) => f.count(r.leads) },
    { title: t('cpl'), align: 'right', className: 'numbers', render: (_, r) => money(r, r.cpl) },
    { title: t('deals'), align: 'right', className: 'numbers', render: (_, r) => f.count(r.deals) },
    { title: t('won'), align: 'right', className: 'numbers', render: (_, r) => f.count(r.won) },
    { title: t('revenue'), align: 'right', className: 'numbers', render: (_, r) => money(r, r.revenue) },
    {
      title: 'ROMI', align: 'right', className: 'numbers', render: (_, r) => (
        <>
          {f.share(r.romi === 'net' ? r.romiNet : r.romiPayback)}
          <div style={{ fontSize: 12, opacity: 0.75 }}>{t(r.romi === 'net' ? 'net' : 'payback')}</div>
        </>
      ),
    },
    { title: t('alerts'), align: 'right', render: (_, r) => (r.alerts > 0 ? <Tag color="red">{r.alerts}</Tag> : f.none) },
  ];

  return (
    <Room
      title={t('title')}
      about={t('about')}
      tools={
        <>
          <RangeBar />
          <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t('add')}
          </Button>
        </>
      }
    >
      <Card size="small">
        <Answer of={figures}>{(data) => <Table<Row> size="middle" rowKey="id" columns={columns} dataSource={data.items} pagination={false} scroll={{ x: 'max-content' }} />}</Answer>
      </Card>
      {isAdding && <NewProject onClose={() => setAdding(false)} />}
    </Room>
  );
}
