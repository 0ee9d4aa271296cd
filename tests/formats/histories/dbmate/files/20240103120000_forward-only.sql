-- migrate:up
UPDATE a SET id = 2;

-- migrate:down

