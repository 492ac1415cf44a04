-- What the script on the site's pages may do: {"consent":"full|essential|off","forms":"mark|send|off"}; see TrackerSettings.
alter table sites add column tracker jsonb not null default '{"consent":"full","forms":"mark"}';
