-- Leads by a whole phone or address. By equality, which cannot leak: behind row-level security the indexes serve as before it.
create index leads_phone on leads (project_id, phone, id) where phone is not null;
create index leads_email on leads (project_id, email, id) where email is not null;
