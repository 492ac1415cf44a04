import { Flex, Typography } from 'antd';
import type { ReactNode } from 'react';

/** A page's own frame: its heading, what it is asked with, its content. Exactly one level-1 heading a page. */
export function Room({ title, about, tools, children }: { title: ReactNode; about?: ReactNode; tools?: ReactNode; children: ReactNode }) {
  return (
    <div className="stack">
      <Flex wrap gap={12} align="center" justify="space-between">
        <div>
          <Typography.Title level={1} style={{ fontSize: 22, margin: 0 }}>
            {title}
          </Typography.Title>
          {about && <Typography.Text type="secondary">{about}</Typography.Text>}
        </div>
        {tools && (
          <Flex wrap gap={8} align="center">
            {tools}
          </Flex>
        )}
      </Flex>
      {children}
    </div>
  );
}
