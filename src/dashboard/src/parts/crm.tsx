import { useMemo } from 'react';
import { queries } from '../api/client';
import { formatsOf } from '../app/formats';
import { useOpenProject } from '../app/session';
import { defineTexts, useLanguage } from '../app/texts';

const texts = defineTexts({ amocrm: 'amoCRM', bitrix24: 'Битрикс24', removed: 'подключение удалено' }, { amocrm: 'amoCRM', bitrix24: 'Bitrix24', removed: 'connection removed' });

/** What a CRM is called; of a connection that was removed it is not known any more. */
export function useCrmName(): (crm: string | null | undefined) => string {
  const t = texts.use();
  return (crm) => t(crm === 'amocrm' || crm === 'bitrix24' ? crm : 'removed');
}

export type CrmObjectKind = 'deal' | 'lead' | 'contact';

/** Where an object of a CRM is opened. Undefined for the demo's CRM, which has no pages, and for connections that were removed. */
export function useCrmLinks(): { urlOf: (connectionId: string, kind: CrmObjectKind, remoteId: string) => string | undefined; leadsAre: (connectionId: string) => CrmObjectKind } {
  const { data } = queries.useQuery('get', '/v1/connections', { params: { query: { limit: 500 } } }, { staleTime: 300_000 });
  return useMemo(() => {
    const byId = new Map(data?.items.map((c) => [c.id, c]));
    return {
      leadsAre: (id) => (byId.get(id)?.settings.entity === 'lead' ? 'lead' : 'deal'),
      urlOf: (id, kind, remoteId) => {
        const connection = byId.get(id);
        if (!connection || connection.isDemo || !/^\d+$/.test(remoteId) || !/^[\w.:-]+$/.test(connection.host)) return undefined;
        return connection.crm === 'amocrm'
          ? `https://${connection.host}/${kind === 'contact' ? 'contacts' : 'leads'}/detail/${remoteId}`
          : `https://${connection.host}/crm/${kind}/details/${remoteId}/`;
      },
    };
  }, [data]);
}

/** Sums of deals, each in its own currency; that of the project where the CRM does not say. */
export function useDealMoney(): (amount: number | null | undefined, currency: string | null | undefined) => string {
  const lang = useLanguage();
  const { currency: own } = useOpenProject();
  return useMemo(() => {
    const made = new Map<string, ReturnType<typeof formatsOf>>();
    return (amount, currency) => {
      const code = /^[A-Z]{3}$/.test(currency ?? '') ? (currency as string) : own;
      const formats = made.get(code) ?? formatsOf(lang, code);
      made.set(code, formats);
      // With kopecks only where there are some: parts of a shared deal.
      return amount !== null && amount !== undefined && !Number.isInteger(amount) ? formats.exact(amount) : formats.money(amount);
    };
  }, [lang, own]);
}
