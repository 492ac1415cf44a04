/** What a template may take out of a lead. */
export const templateParts = ['name', 'phone', 'email', 'comment', 'site', 'form', 'page', 'channel', 'source', 'medium', 'campaign', 'content', 'keyword', 'referrer', 'kind', 'line', 'yclid', 'gclid', 'ym_client_id', 'ga_client_id', 'lead_id'];
