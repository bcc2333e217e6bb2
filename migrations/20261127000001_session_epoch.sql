-- Counts what ends every session of an account: a new password, and closing. A token carries the number
-- it was given out under, and is worth nothing under another. It stands beside the password hash so that
-- a sign-in reads both at once: whoever proved the old password never gets a token of the new number.
alter table account_credentials add column session_epoch bigint not null default 0;
