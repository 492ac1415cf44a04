import { Form } from 'antd';
import { defineTexts } from '../../../app/texts';
import { CrmChoice, CrmNumber, type Option } from './CrmField';
import { pipelineAt, pipelinesOf, type Known } from './directories';

const texts = defineTexts(
  { pipeline: 'Воронка', stage: 'Этап', main: 'основная', won: 'успех', lost: 'отказ', incoming: 'сюда программам нельзя', onePipeline: 'У лидов одна воронка', mainIs: 'Основная: {{name}}' },
  { pipeline: 'Pipeline', stage: 'Stage', main: 'main', won: 'won', lost: 'lost', incoming: 'not for programs', onePipeline: 'Leads have one pipeline', mainIs: 'The main one: {{name}}' },
);

type Path = readonly (string | number)[];

interface Props {
  readonly known: Known;
  readonly card: 'deal' | 'lead';
  /** Of the fields, within the form's list they stand in. */
  readonly at: Path;
  /** The same from the root of the form. */
  readonly path: Path;
  /** Where a pipeline is looked for when none is chosen here, the nearest first. */
  readonly behind?: readonly Path[];
  readonly hints?: { readonly pipeline?: string; readonly stage?: string };
  readonly placeholder?: string;
}

/** The pipeline of new cards and, out of its own stages, where they begin. */
export function Destination({ known, card, at, path, behind = [], hints = {}, placeholder }: Props) {
  const t = texts.use();
  const form = Form.useFormInstance();
  const pipelines = pipelinesOf(known, card);
  const options: Option[] = pipelines.map((p) => ({ value: p.id, label: p.name || p.id, ...(p.isMain ? { about: t('main') } : {}) }));
  const main = pipelineAt(pipelines, null);
  // What rules fall back to may change elsewhere in the form.
  const chosen = (): number | null | undefined => [path, ...behind].map((p) => form.getFieldValue([...p, 'pipelineId']) as number | null | undefined).find((v) => v !== null && v !== undefined);
  const stages = (): Option[] =>
    (pipelineAt(pipelines, chosen())?.stages ?? []).map((s) => ({
      value: s.id,
      label: s.name || s.id,
      color: s.color,
      disabled: s.isIncoming,
      ...(s.isIncoming ? { about: t('incoming') } : s.state === 'won' ? { about: t('won') } : s.state === 'lost' ? { about: t('lost') } : {}),
    }));
  /** Stages belong to a pipeline: one of another would be refused. */
  const leave = (): void => {
    const stage = form.getFieldValue([...path, 'stageId']) as string | undefined;
    if (stage && known.state === 'read' && !stages().some((s) => s.value === stage)) form.setFieldValue([...path, 'stageId'], undefined);
  };
  const usual = placeholder ?? (known.state === 'read' && main?.name ? t('mainIs', { name: main.name }) : undefined);
  return (
    <>
      {card === 'lead' && known.state === 'read' ? (
        <Form.Item label={t('pipeline')}>{t('onePipeline')}</Form.Item>
      ) : (
        <Form.Item name={[...at, 'pipelineId']} label={t('pipeline')} extra={hints.pipeline}>
          <PipelineField known={known} options={options} onLeave={leave} {...(usual ? { placeholder: usual } : {})} />
        </Form.Item>
      )}
      <Form.Item noStyle shouldUpdate>
        {() => (
          <Form.Item name={[...at, 'stageId']} label={t('stage')} extra={hints.stage}>
            <CrmChoice known={known} options={stages()} {...(placeholder ? { placeholder } : {})} />
          </Form.Item>
        )}
      </Form.Item>
    </>
  );
}

function PipelineField({ onLeave, onChange, ...rest }: React.ComponentProps<typeof CrmNumber> & { onLeave: () => void }) {
  return (
    <CrmNumber
      {...rest}
      onChange={(v) => {
        onChange?.(v);
        onLeave();
      }}
    />
  );
}
