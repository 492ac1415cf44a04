-- The list of clients to call again has views, too.
alter table saved_views drop constraint saved_views_page_check,
    add constraint saved_views_page_check check (page in ('sources', 'leads', 'clients', 'calls', 'funnel', 'retention', 'team', 'forgotten'));
