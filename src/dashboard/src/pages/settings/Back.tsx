import { ArrowLeftOutlined } from '@ant-design/icons';
import { Button, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';

/** The heading of something opened within a tab, with the way back to the list. */
export function Back({ title, to, onBack, tools }: { title: ReactNode; to: string; onBack: () => void; tools?: ReactNode }) {
  return (
    <Flex wrap gap={8} align="center" justify="space-between">
      <Flex gap={8} align="center">
        <Button type="text" icon={<ArrowLeftOutlined />} aria-label={to} onClick={onBack} />
        <Typography.Title level={2} style={{ fontSize: 18, margin: 0 }} className="breakable">
          {title}
        </Typography.Title>
      </Flex>
      <Flex wrap gap={8} align="center">
        {tools}
      </Flex>
    </Flex>
  );
}
