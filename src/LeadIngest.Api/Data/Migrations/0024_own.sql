-- What belongs to a manager: the deals that a user of a CRM answers for, and the leads that stand in the cards of those deals.
create index deals_responsible on deals (project_id, connection_id, responsible_id, id) where deleted_at is null;
-- A note or a call of a later lead goes into the card of an earlier one's deal (the deal's own lead is found by deliveries_card).
create index deliveries_added on deliveries (project_id, connection_id, remote_lead_id) where kind <> 'deal' and remote_lead_id is not null;
