import type { Schemas } from '../../api/client';
import type { Formats } from '../../app/formats';
import { defineTexts } from '../../app/texts';

export const factors = ['leads', 'conversion', 'averageCheck', 'salesPerClient'] as const;
export type Factor = (typeof factors)[number];
export type Effects = Schemas['FactorEffects'];

const texts = defineTexts(
  { leads: 'Заявки', conversion: 'Конверсия в клиентов', averageCheck: 'Средний чек', salesPerClient: 'Продаж на клиента', leads_: 'L', conversion_: 'C', averageCheck_: 'P', salesPerClient_: 'Qs' },
  { leads: 'Leads', conversion: 'Conversion to clients', averageCheck: 'Average check', salesPerClient: 'Sales a client', leads_: 'L', conversion_: 'C', averageCheck_: 'P', salesPerClient_: 'Qs' },
);

export const useFactorName = (): ((of: Factor) => string) => texts.use();

export const writeFactor = (f: Formats, of: Factor, v: number | null | undefined): string =>
  of === 'averageCheck' ? f.money(v) : of === 'conversion' ? f.share(v) : of === 'leads' ? f.count(v) : v === null || v === undefined ? f.none : v.toFixed(2).replace('.', f.count(1.5).includes(',') ? ',' : '.');
