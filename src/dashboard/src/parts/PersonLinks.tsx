import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useOpenProject } from '../app/session';
import { defineTexts } from '../app/texts';

const texts = defineTexts({ lead: 'Заявка', client: 'Клиент' }, { lead: 'Lead', client: 'Client' });

/** Where the card of a lead or a client stands in this project. */
export function usePlace(): { lead: (id: string) => string; client: (id: string) => string; leads: string; clients: string } {
  const { id: project } = useOpenProject();
  const [leads, clients] = [`/p/${project}/leads`, `/p/${project}/clients`];
  return { leads, clients, lead: (id) => `${leads}/${id}`, client: (id) => `${clients}/${id}` };
}

export function LeadLink({ id, children }: { id: string; children?: ReactNode }) {
  const t = texts.use();
  return <Link className="text-link" to={usePlace().lead(id)}>{children || t('lead')}</Link>;
}

export function ClientLink({ id, children }: { id: string; children?: ReactNode }) {
  const t = texts.use();
  return <Link className="text-link" to={usePlace().client(id)}>{children || t('client')}</Link>;
}
