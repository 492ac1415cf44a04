import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { AutoComplete, Button, Flex, Form, Input } from 'antd';
import { defineTexts } from '../../app/texts';

const texts = defineTexts({ add: 'Добавить строку', remove: 'Убрать строку', both: 'Заполните обе части' }, { add: 'Add a line', remove: 'Remove the line', both: 'Fill in both parts' });

export interface Pair {
  readonly from?: string;
  readonly to?: string;
}

export const pairsOf = (map: Readonly<Record<string, string>> | undefined): Pair[] => Object.entries(map ?? {}).map(([from, to]) => ({ from, to }));
export const mapOf = (pairs: readonly Pair[] | undefined): Record<string, string> => Object.fromEntries((pairs ?? []).filter((p) => p.from?.trim() && p.to?.trim()).map((p) => [p.from!.trim(), p.to!.trim()]));

/** Names to meanings, one a line, within a form. `known` are offered for the right side; anything may be typed. */
export function MapField({ name, from, to, known = [] }: { name: string | (string | number)[]; from: string; to: string; known?: readonly { value: string; label?: string }[] }) {
  const t = texts.use();
  return (
    <Form.List name={name}>
      {(lines, { add, remove }) => (
        <Flex vertical gap={8}>
          {lines.map((line) => (
            <Flex key={line.key} gap={8} align="flex-start">
              <Form.Item name={[line.name, 'from']} style={{ flex: 1, margin: 0 }} rules={[{ required: true, whitespace: true, message: t('both') }]}>
                <Input aria-label={from} placeholder={from} />
              </Form.Item>
              <span aria-hidden style={{ lineHeight: '32px' }}>
                →
              </span>
              <Form.Item name={[line.name, 'to']} style={{ flex: 1, margin: 0 }} rules={[{ required: true, whitespace: true, message: t('both') }]}>
                <AutoComplete aria-label={to} placeholder={to} options={known.map((k) => ({ value: k.value, label: k.label ?? k.value }))} />
              </Form.Item>
              <Button type="text" icon={<DeleteOutlined />} aria-label={t('remove')} onClick={() => remove(line.name)} />
            </Flex>
          ))}
          <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({})} style={{ alignSelf: 'flex-start' }}>
            {t('add')}
          </Button>
        </Flex>
      )}
    </Form.List>
  );
}
