import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Card, Collapse, Flex, Form, Input, Popconfirm, Switch, Typography } from 'antd';
import { defineTexts } from '../../../app/texts';
import { HoursFields } from '../project/HoursFields';
import { ActionFields } from './ActionFields';
import { ConditionFields } from './ConditionFields';
import type { Known } from './directories';

const texts = defineTexts(
  {
    title: 'Правила: куда идёт заявка', about: 'Правила смотрятся сверху вниз, действует первое подходящее. Что в правиле не указано, берётся из «Для всех заявок», затем из настроек выше.', always: 'Для всех заявок', hours: 'Рабочие часы этого подключения', hoursHint: 'Для условий «рабочее время» и сроков задач.',
    name: 'Название правила', when: 'Если', then: 'То', add: 'Добавить правило', remove: 'Удалить', removeSure: 'Удалить правило?', keep: 'Отмена', up: 'Выше', down: 'Ниже', untitled: 'Правило без названия',
  },
  {
    title: 'Rules: where a lead goes', about: 'Rules are looked at from the top, the first that fits decides. What a rule does not say comes from «All leads», then from the settings above.', always: 'All leads', hours: 'Working hours of this connection', hoursHint: 'For conditions on working time and for due times of tasks.',
    name: 'Name of the rule', when: 'If', then: 'Then', add: 'Add a rule', remove: 'Delete', removeSure: 'Delete the rule?', keep: 'Cancel', up: 'Up', down: 'Down', untitled: 'A rule without a name',
  },
);

const root = ['settings', 'routing'] as const;

/** The rules within the connection's form. `openRules` are unfolded: a fault must not hide in a folded one. */
export function Rules({ known, card, openRules, onOpen }: { known: Known; card: 'deal' | 'lead'; openRules: string[]; onOpen: (keys: string[]) => void }) {
  const t = texts.use();
  const hasHours = Form.useWatch<boolean | undefined>([...root, 'hasHours']) ?? false;
  const form = Form.useFormInstance();
  return (
    <Card size="small" title={t('title')}>
      <div className="stack" style={{ gap: 12 }}>
        <Typography.Text type="secondary">{t('about')}</Typography.Text>
        <Form.List name={[...root, 'rules']}>
          {(rules, { add, remove, move }) => (
            <Flex vertical gap={12}>
              {rules.length > 0 && (
                <Collapse
                  activeKey={openRules}
                  onChange={onOpen}
                  items={rules.map((rule, index) => ({
                    key: String(rule.key),
                    forceRender: true,
                    label: (
                      <Form.Item noStyle shouldUpdate>
                        {() => `${index + 1}. ${(form.getFieldValue([...root, 'rules', rule.name, 'name']) as string | undefined)?.trim() || t('untitled')}`}
                      </Form.Item>
                    ),
                    children: (
                      <>
                        <Flex gap={2} justify="end">
                          <Button size="small" type="text" icon={<ArrowUpOutlined />} aria-label={`${t('up')}: ${index + 1}`} disabled={index === 0} onClick={() => move(index, index - 1)} />
                          <Button size="small" type="text" icon={<ArrowDownOutlined />} aria-label={`${t('down')}: ${index + 1}`} disabled={index === rules.length - 1} onClick={() => move(index, index + 1)} />
                          <Popconfirm title={t('removeSure')} okText={t('remove')} cancelText={t('keep')} onConfirm={() => remove(rule.name)}>
                            <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={`${t('remove')}: ${index + 1}`} />
                          </Popconfirm>
                        </Flex>
                        <Form.Item name={[rule.name, 'name']} label={t('name')} rules={[{ required: true, whitespace: true, max: 100 }]}>
                          <Input maxLength={100} />
                        </Form.Item>
                        <Typography.Title level={3} style={{ fontSize: 15 }}>
                          {t('when')}
                        </Typography.Title>
                        <ConditionFields at={[rule.name, 'when']} hasHours={hasHours} />
                        <Typography.Title level={3} style={{ fontSize: 15 }}>
                          {t('then')}
                        </Typography.Title>
                        <ActionFields at={[rule.name, 'then']} path={[...root, 'rules', rule.name, 'then']} behind={[[...root, 'always'], ['settings']]} known={known} card={card} />
                      </>
                    ),
                  }))}
                />
              )}
              <Button
                type="dashed"
                icon={<PlusOutlined />}
                style={{ alignSelf: 'flex-start' }}
                onClick={() => {
                  add({ name: '', when: {}, then: { fields: [] } });
                  onOpen([...openRules, String(nextKey(rules))]);
                }}
              >
                {t('add')}
              </Button>
            </Flex>
          )}
        </Form.List>
        <Collapse
          items={[
            { key: 'always', forceRender: true, label: t('always'), children: <ActionFields at={[...root, 'always']} path={[...root, 'always']} behind={[['settings']]} known={known} card={card} /> },
            {
              key: 'hours',
              forceRender: true,
              label: t('hours'),
              children: (
                <>
                  <Form.Item name={[...root, 'hasHours']} label={t('hours')} extra={t('hoursHint')} valuePropName="checked">
                    <Switch />
                  </Form.Item>
                  {hasHours && <HoursFields name={[...root, 'workingHours']} />}
                </>
              ),
            },
          ]}
        />
      </div>
    </Card>
  );
}

/** A list of the form numbers its lines as they are added. */
const nextKey = (lines: readonly { key: number }[]): number => Math.max(-1, ...lines.map((l) => l.key)) + 1;
