import { Select } from 'antd';
import { Hint } from '../../parts/Figure';
import { models, useModelWords, type Model } from '../../parts/models';

/** How deals are shared among what led to them, each way in a sentence. */
export function ModelSelect({ value, onChange }: { value: Model; onChange: (to: Model) => void }) {
  const words = useModelWords();
  return (
    <span>
      <Select<Model>
        aria-label={words.label} value={value} onChange={onChange} popupMatchSelectWidth={Math.min(460, window.innerWidth - 32)} listHeight={480} virtual={false} style={{ minWidth: 196 }}
        options={models.map((m) => ({ value: m, label: words.name(m) }))}
        optionRender={(o) => (
          <div style={{ whiteSpace: 'normal', padding: '2px 0' }}>
            <div>{o.label}</div>
            <div style={{ fontSize: 12, fontWeight: 400, opacity: 0.8 }}>{words.about(o.value as Model)}</div>
          </div>
        )}
      />{' '}
      <Hint text={words.about(value)} />
    </span>
  );
}
