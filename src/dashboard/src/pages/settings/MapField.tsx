import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { AutoComplete, Button, Flex, Form, Input } from 'antd';
import type { ReactElement, ReactNode } from 'react';
import { defineTexts } from '../../app/texts';

const texts = defineTexts({ add: 'Добавить строку', remove: 'Убрать строку', both: 'Заполните обе части' }, { add: 'Add a line', remove: 'Remove the line', both: 'Fill in both parts' });

export interface Pair {
  readonly from?: string;
  readonly to?: string;
}

export const pairsOf = (map: Readonly<Record<string, string>> | undefined): Pair[] => Object.entries(map ?? {}).map(([from, to]) => ({ from, to }));
export const mapOf = (pairs: readonly Pair[] | undefined): Record<string, string> => Object.fromEntries((pairs ?? []).filter((p) => p.from?.trim() && p.to?.trim()).map((p) => [p.from!.trim(), p.to!.trim()]));

interface Line {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

interface Props {
  readonly name: string | (string | number)[];
  readonly from: string;
  readonly to: string;
  /** Offered for the right side; anything may be typed. */
  readonly known?: readonly { value: string; label?: string }[];
  /** What stands on the left instead of a field to type in. Gets value and onChange. */
  readonly left?: ReactElement;
  /** What stands on the right of a line, by what stands on its left. Gets value and onChange. */
  readonly right?: (from: string | undefined) => ReactElement;
  /** What is to be said of a line, below it. */
  readonly note?: (line: Line) => ReactNode;
  /** Where the map stands in the form, from its root: needed where lines are looked at. */
  readonly path?: readonly (string | number)[];
}

/** Names to meanings, one a line, within a form. */
export function MapField({ name, from, to, known = [], left, right, note, path }: Props) {
  const t = texts.use();
  const form = Form.useFormInstance();
  const lineAt = (index: number): Line => {
    const pair = path && (form.getFieldValue([...path, index]) as Pair | undefined);
    return { from: pair?.from, to: pair?.to };
  };
  const typed = <AutoComplete aria-label={to} placeholder={to} options={known.map((k) => ({ value: k.value, label: k.label ?? k.value }))} />;
  return (
    <Form.List name={name}>
      {(lines, { add, remove }) => (
        <Flex vertical gap={8}>
          {lines.map((line) => (
            <div key={line.key}>
              <Flex gap={8} align="flex-start" wrap>
                <Form.Item name={[line.name, 'from']} style={{ flex: '1 1 160px', minWidth: 0, margin: 0 }} rules={[{ required: true, whitespace: true, message: t('both') }]}>
                  {left ?? <Input aria-label={from} placeholder={from} />}
                </Form.Item>
                <Flex gap={8} align="flex-start" style={{ flex: '1 1 200px', minWidth: 0 }}>
                  <span aria-hidden style={{ lineHeight: '32px' }}>
                    →
                  </span>
                  <Form.Item noStyle shouldUpdate={right !== undefined}>
                    {() => (
                      <Form.Item name={[line.name, 'to']} style={{ flex: '1 1 0', minWidth: 0, margin: 0 }} rules={[{ required: true, whitespace: true, message: t('both') }]}>
                        {right?.(lineAt(line.name).from) ?? typed}
                      </Form.Item>
                    )}
                  </Form.Item>
                  <Button type="text" icon={<DeleteOutlined />} aria-label={t('remove')} onClick={() => remove(line.name)} />
                </Flex>
              </Flex>
              {note && (
                <Form.Item noStyle shouldUpdate>
                  {() => note(lineAt(line.name))}
                </Form.Item>
              )}
            </div>
          ))}
          <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({})} style={{ alignSelf: 'flex-start' }}>
            {t('add')}
          </Button>
        </Flex>
      )}
    </Form.List>
  );
}
