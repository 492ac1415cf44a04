-- Deals live on in the CRM: a note's or a call's deal may have been closed, deleted or merged by the time its delivery is sent.
alter table deliveries
    -- How often that sent the row another way; bounded, or two people in the CRM could keep a row going round for ever.
    add column redirects smallint not null default 0,
    -- The duplicate that became the enquiry's deal after the first one had been deleted: what comes later goes there.
    add column heir_id uuid;
