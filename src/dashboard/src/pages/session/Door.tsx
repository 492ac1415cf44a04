import { TranslationOutlined } from '@ant-design/icons';
import { Button, Card, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { defineTexts, speak, useLanguage } from '../../app/texts';

const texts = defineTexts({ about: 'От рекламы до сделки', other: 'English' }, { about: 'From advertising to the deal', other: 'Русский' });

/** What the pages before the sign-in stand in. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  const t = texts.use();
  const lang = useLanguage();
  return (
    <Flex vertical align="center" justify="center" gap={16} component="main" style={{ minHeight: '100vh', padding: 16, boxSizing: 'border-box' }}>
      <Flex vertical align="center">
        <strong style={{ fontSize: 26 }}>LeadIngest</strong>
        <Typography.Text type="secondary">{t('about')}</Typography.Text>
      </Flex>
      <Card style={{ width: 'min(420px, 100%)' }}>
        <Typography.Title level={1} style={{ fontSize: 20, marginTop: 0 }}>
          {title}
        </Typography.Title>
        {children}
      </Card>
      <Button type="text" icon={<TranslationOutlined />} onClick={() => speak(lang === 'en' ? 'ru' : 'en')}>
        {t('other')}
      </Button>
    </Flex>
  );
}
