import { Card } from 'antd';
import { queries } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { Copyable } from '../../../parts/Copyable';
import { Answer } from '../../../parts/States';
import { Back } from '../Back';
import { Installation } from './Installation';
import { SiteForm } from './SiteForm';

const texts = defineTexts(
  { back: 'Все сайты', forms: 'Без трекера: свои формы и программы', formAddress: 'Адрес для HTML-форм', jsonAddress: 'Адрес для программ (JSON)', form: 'Готовая форма, без скриптов', curl: 'Проверить из командной строки' },
  { back: 'All sites', forms: 'Without the tracker: own forms and programs', formAddress: 'Address for HTML forms', jsonAddress: 'Address for programs (JSON)', form: 'A ready form, without scripts', curl: 'Try from the command line' },
);

export function SitePage({ id, onBack }: { id: string; onBack: () => void }) {
  const t = texts.use();
  const query = queries.useQuery('get', '/v1/sites/{id}', { params: { path: { id } } });
  return (
    <Answer of={query}>
      {(site) => (
        <div className="stack">
          <Back title={site.name} to={t('back')} onBack={onBack} />
          <div className="two-columns">
            <Installation site={site} />
            <Card size="small" title={t('forms')}>
              <div className="stack" style={{ gap: 10 }}>
                {(
                  [
                    ['formAddress', site.endpoints.forms],
                    ['jsonAddress', site.endpoints.leads],
                    ['form', site.endpoints.form],
                    ['curl', site.endpoints.curl],
                  ] as const
                ).map(([name, text]) => (
                  <div key={name}>
                    <div>{t(name)}</div>
                    <Copyable text={text} label={t(name)} />
                  </div>
                ))}
              </div>
            </Card>
          </div>
          <SiteForm key={site.id} site={site} />
        </div>
      )}
    </Answer>
  );
}
