-- Files of people that were taken out: few among all entries, and asked for by the alert of unusual ones (Features/Alerts/ExportAlerts.cs). Entries of before have no such mark.
create index audit_exports on audit (project_id, id) where detail ? 'people';
