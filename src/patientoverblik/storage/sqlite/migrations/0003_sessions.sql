-- A session can be found by who vouched for it, so that the provider's back-channel logout ends it, and forgotten when it has
-- run out. Sessions of before carry none of this: everybody logs in anew once.
-- used holds what may be used once only (the id of a token, the state of a login) until it would be too old anyhow.
-- secret holds what every worker must agree on and nobody else may know. The first to keep a name has it.

delete from handle;

delete from session;

alter table session add column expires integer not null default 0;

alter table session add column issuer text not null default '';

alter table session add column subject text not null default '';

alter table session add column sid text not null default '';

create index session_expires on session (expires);

create index session_subject on session (issuer, subject);

create index session_sid on session (issuer, sid);

create table used (
    id text not null primary key,
    until integer not null
) without rowid;

create index used_until on used (until);

create table secret (
    name text not null primary key,
    data blob not null
) without rowid;
