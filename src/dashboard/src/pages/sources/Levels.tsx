import { ArrowDownOutlined, ArrowUpOutlined, ApartmentOutlined, CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Popover, Typography } from 'antd';
import { useState } from 'react';
import { defineTexts } from '../../app/texts';
import { dimensions, presets, useDimensionName, type Dimension } from './dimensions';

const texts = defineTexts(
  { levels: 'Разрез', ready: 'Готовые', own: 'Уровни сверху вниз', add: 'Добавить уровень', up: 'Выше: {{name}}', down: 'Ниже: {{name}}', remove: 'Убрать: {{name}}' },
  { levels: 'Levels', ready: 'Ready ones', own: 'Levels from the top', add: 'Add a level', up: 'Up: {{name}}', down: 'Down: {{name}}', remove: 'Remove: {{name}}' },
);

/** By what the report is broken down: ready ways, or any levels in any order. */
export function Levels({ value, onChange }: { value: readonly Dimension[]; onChange: (to: readonly Dimension[]) => void }) {
  const t = texts.use();
  const name = useDimensionName();
  const [isOpen, setOpen] = useState(false);
  const path = (of: readonly Dimension[]): string => of.map(name).join(' → ');
  const swapped = (i: number, j: number): Dimension[] => value.map((d, at) => (at === i ? value[j]! : at === j ? value[i]! : d));
  const left = dimensions.filter((d) => !value.includes(d));

  const choices = (
    <div className="stack" style={{ gap: 12, width: 'min(540px, calc(100vw - 48px))', maxHeight: '70vh', overflow: 'auto' }}>
      <section>
        <Typography.Text type="secondary">{t('ready')}</Typography.Text>
        <Flex wrap gap={6} style={{ marginTop: 6 }}>
          {presets.map((p) => (
            <Button key={p.join()} size="small" type={p.join() === value.join() ? 'primary' : 'default'} aria-pressed={p.join() === value.join()} onClick={() => { onChange(p); setOpen(false); }}>
              {path(p)}
            </Button>
          ))}
        </Flex>
      </section>
      <section>
        <Typography.Text type="secondary">{t('own')}</Typography.Text>
        <ol style={{ margin: '6px 0', paddingInlineStart: 24 }}>
          {value.map((d, i) => (
            <li key={d}>
              <Flex align="center" gap={4}>
                <span style={{ flex: 1 }}>{name(d)}</span>
                <Button type="text" size="small" icon={<ArrowUpOutlined />} aria-label={t('up', { name: name(d) })} disabled={i === 0} onClick={() => onChange(swapped(i, i - 1))} />
                <Button type="text" size="small" icon={<ArrowDownOutlined />} aria-label={t('down', { name: name(d) })} disabled={i === value.length - 1} onClick={() => onChange(swapped(i, i + 1))} />
                <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('remove', { name: name(d) })} disabled={value.length === 1} onClick={() => onChange(value.filter((x) => x !== d))} />
              </Flex>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <Typography.Text type="secondary">{t('add')}</Typography.Text>
        <Flex wrap gap={6} style={{ marginTop: 6 }}>
          {left.map((d) => (
            <Button key={d} size="small" icon={<PlusOutlined />} onClick={() => onChange([...value, d])}>
              {name(d)}
            </Button>
          ))}
        </Flex>
      </section>
    </div>
  );

  return (
    <Popover trigger="click" placement="bottomLeft" open={isOpen} onOpenChange={setOpen} content={choices}>
      <Button icon={<ApartmentOutlined />} aria-label={`${t('levels')}: ${path(value)}`} aria-expanded={isOpen} style={{ maxWidth: '100%' }}>
        <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{path(value)}</span>
      </Button>
    </Popover>
  );
}
