-- why
--migrate:up   transaction:false other:1
CREATE INDEX CONCURRENTLY a_id ON a (id);
-- migrate:down transaction:false
DROP INDEX CONCURRENTLY a_id;
