-- Rows that cannot go yet are moved out of the way of those that can: without this a client with thousands of rows behind one in doubt would be
-- read again by every claim, and hide everybody else's rows.
alter table deliveries
    -- Due, but an earlier row of the same client is not finished: rests until that one ends (or until next_attempt_at, a safety net).
    add column parked boolean not null default false,
    -- The delivery whose deal this note belongs to, while that one is dead or unfinished. A waiting row holds back no other row of its client.
    add column waits_for uuid;

create index deliveries_waiting on deliveries (project_id, waits_for) where waits_for is not null;
-- Few rows each, but they would have to be searched for among the whole backlog.
create index deliveries_sending on deliveries (connection_id) where state = 'sending';
create index deliveries_doubt on deliveries (connection_id, next_attempt_at) where state = 'in_doubt';
create index deliveries_dead on deliveries (project_id, connection_id, id) where state = 'dead';
