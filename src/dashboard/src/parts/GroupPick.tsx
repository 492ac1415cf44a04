import { defineTexts } from '../app/texts';
import { Pick } from './Pick';

const texts = defineTexts(
  {
    label: 'Разрез', none: 'Без разреза', day: 'По дням', week: 'По неделям', month: 'По месяцам', quarter: 'По кварталам', hour: 'По часам', weekday: 'По дням недели', channel: 'По каналам', source: 'По источникам', medium: 'По типам', campaign: 'По кампаниям', content: 'По объявлениям',
    keyword: 'По ключевым фразам', site: 'По сайтам', manager: 'По менеджерам', pipeline: 'По воронкам', employee: 'По сотрудникам', number: 'По номерам', kind: 'По видам заявок', account: 'По кабинетам', group: 'По группам объявлений', ad: 'По объявлениям',
  },
  {
    label: 'Split', none: 'No split', day: 'By day', week: 'By week', month: 'By month', quarter: 'By quarter', hour: 'By hour', weekday: 'By weekday', channel: 'By channel', source: 'By source', medium: 'By medium', campaign: 'By campaign', content: 'By content',
    keyword: 'By keyword', site: 'By site', manager: 'By manager', pipeline: 'By pipeline', employee: 'By employee', number: 'By number', kind: 'By kind of lead', account: 'By cabinet', group: 'By ad group', ad: 'By ad',
  },
);

/** What reports may be split by, as the service spells it. */
export type Grouping = Exclude<Parameters<ReturnType<typeof texts.use>>[0], 'label' | 'none'>;

/** «По месяцам». */
export function useGroupingName(): (by: Grouping) => string {
  const t = texts.use();
  return (by) => t(by);
}

/** By what a report is split; the choice stands in the address. Without a `first` one it need not be split at all. */
export function GroupPick<G extends Grouping>({ name = 'by', label, groups, first, width }: { name?: string; label?: string; groups: readonly G[]; first?: G; width?: number }) {
  const t = texts.use();
  return <Pick name={name} label={label ?? t('label')} {...(first ? { first } : { all: t('none') })} options={groups.map((g) => ({ value: g, label: t(g) }))} width={width} />;
}
