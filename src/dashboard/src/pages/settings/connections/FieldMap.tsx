import { WarningFilled } from '@ant-design/icons';
import { AutoComplete, Select, Typography } from 'antd';
import { defineTexts } from '../../../app/texts';
import { MapField } from '../MapField';
import { CrmChoice, type Option } from './CrmField';
import { fieldOf, type Field, type Known } from './directories';
import { misfitOf } from './fieldFit';
import { templateParts } from './templateParts';

const texts = defineTexts(
  {
    field: 'Поле CRM', typed: 'Поле CRM (id или код)', template: 'Шаблон', ofLead: 'Из заявки', list: 'Значения списка', gone: '«{{text}}» — нет в списке',
    text: 'текст', tNumber: 'число', tFlag: 'да/нет', tDate: 'дата', tMoment: 'дата и время', tLink: 'ссылка', tChoice: 'список', tOther: 'особое',
    number: 'Это поле для числа: текст CRM не примет. Подойдёт текстовое поле.', flag: 'Это поле «да/нет»: подойдут только true и false.', date: 'Это поле для даты: подойдёт 2026-12-31.', moment: 'Это поле для даты и времени: подойдёт 2026-12-31T18:00:00+03:00.',
    link: 'Это поле для ссылки: подойдут {page}, {referrer} или адрес с https://.', choice: 'Такого значения в списке CRM нет: поле останется пустым.', mayFail: 'Поле — список: заполнится, только если слово из заявки есть среди его значений.', other: 'Поле этого вида ({{type}}) текстом не заполнить.',
  },
  {
    field: 'Field of the CRM', typed: 'Field of the CRM (id or code)', template: 'Template', ofLead: 'Of the lead', list: 'Values of the list', gone: '“{{text}}” — not in the list',
    text: 'text', tNumber: 'number', tFlag: 'yes/no', tDate: 'date', tMoment: 'date and time', tLink: 'link', tChoice: 'list', tOther: 'special',
    number: 'This field is for a number: the CRM will not take a text. Use a text field.', flag: 'This field is yes/no: only true and false will do.', date: 'This field is for a date: 2026-12-31 will do.', moment: 'This field is for a date and time: 2026-12-31T18:00:00+03:00 will do.',
    link: 'This field is for a link: {page}, {referrer} or an address with https:// will do.', choice: 'The CRM’s list has no such value: the field will stay empty.', mayFail: 'The field is a list: it is filled only if the lead’s word is among its values.', other: 'A field of this kind ({{type}}) cannot be filled with a text.',
  },
);

const typeNames = { text: 'text', number: 'tNumber', flag: 'tFlag', date: 'tDate', moment: 'tMoment', link: 'tLink', choice: 'tChoice', other: 'tOther' } as const;

/** What stands in the fields of a card: the CRM's field by its name, and a template or a value of its list; with a warning where the two do not fit. */
export function FieldMap({ name, path, known, card }: { name: (string | number)[]; path: readonly (string | number)[]; known: Known; card: 'deal' | 'lead' }) {
  const t = texts.use();
  const fields = known.data?.fields?.filter((f) => f.of === card) ?? null;
  const typeOf = (f: Field): string => t(typeNames[f.type as keyof typeof typeNames] ?? 'tOther');
  const options: Option[] | null = fields && fields.map((f) => ({ value: f.key, label: f.name, about: typeOf(f) }));
  const parts = templateParts.map((p) => ({ value: `{${p}}`, label: `{${p}}` }));
  const isTyped = known.state === 'failed' || (known.state === 'read' && !options);
  const note = ({ from, to }: { from: string | undefined; to: string | undefined }) => {
    const field = fieldOf(known, card, from);
    const misfit = field && to ? misfitOf(field, to) : null;
    return (
      misfit && (
        <Typography.Text style={{ display: 'block', marginTop: 4 }}>
          <WarningFilled aria-hidden style={{ color: 'var(--ant-color-warning, #8f5600)' }} /> {t(misfit, { type: field?.crmType ?? '' })}
        </Typography.Text>
      )
    );
  };
  return (
    <MapField
      name={name}
      path={path}
      from={t(isTyped ? 'typed' : 'field')}
      to={t('template')}
      left={<FieldChoice known={known} options={options} placeholder={t(isTyped ? 'typed' : 'field')} aria-label={t('field')} of={(key) => fieldOf(known, card, key)?.key} />}
      right={(from) => {
        const field = fieldOf(known, card, from);
        return field?.type === 'choice' ? <ValueChoice of={field} label={t('template')} /> : <AutoComplete aria-label={t('template')} placeholder={t('template')} options={parts} />;
      }}
      note={note}
    />
  );
}

/** A field that the settings name by amoCRM's id is found under its key. */
function FieldChoice({ of, value, ...rest }: React.ComponentProps<typeof CrmChoice> & { of: (key: string) => string | undefined }) {
  return <CrmChoice {...rest} value={value ? (of(value) ?? value) : null} />;
}

/** A value of a list in the CRM, or a word out of the lead. */
function ValueChoice({ of, label, value, onChange, id }: { of: Field; label: string; value?: string; onChange?: (v: string) => void; id?: string }) {
  const t = texts.use();
  const parts = templateParts.map((p) => ({ value: `{${p}}`, label: `{${p}}` }));
  const isKnown = !value || of.choices.some((c) => c.value === value) || parts.some((p) => p.value === value);
  return (
    <Select
      {...(id ? { id } : {})}
      aria-label={label}
      placeholder={label}
      value={value ?? null}
      showSearch={{ optionFilterProp: 'label' }}
      {...(isKnown ? {} : { status: 'warning' as const })}
      options={[
        ...(isKnown ? [] : [{ value: value!, label: t('gone', { text: value! }) }]),
        { label: t('list'), options: of.choices.map((c) => ({ value: c.value, label: c.name })) },
        { label: t('ofLead'), options: parts },
      ]}
      onChange={(v: string) => onChange?.(v)}
    />
  );
}
