-- Grows by one with every stored event: a folder that read an older state writes nothing.
alter table calls add column revision integer not null default 0;
