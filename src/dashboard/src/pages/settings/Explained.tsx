import { Flex, Radio, Typography } from 'antd';
import type { ReactNode } from 'react';

export interface Choice {
  readonly value: string;
  readonly name: ReactNode;
  readonly about?: ReactNode;
}

/** A choice of few, each with what it means. Stands in a Form.Item. */
export function Explained({ choices, value, onChange, label, id }: { choices: readonly Choice[]; value?: string; onChange?: (v: string) => void; label: string; id?: string }) {
  return (
    <Radio.Group className="explained" {...(id ? { id } : {})} aria-label={label} value={value} onChange={(e) => onChange?.(String(e.target.value))}>
      <Flex vertical gap={6}>
        {choices.map((c) => (
          <Radio key={c.value} value={c.value}>
            <span>{c.name}</span>
            {c.about && (
              <Typography.Text type="secondary" style={{ display: 'block' }}>
                {c.about}
              </Typography.Text>
            )}
          </Radio>
        ))}
      </Flex>
    </Radio.Group>
  );
}
