-- Part 1 of 2: its statements cannot share a transaction with the others
-- +goose Up
SET LOCAL lock_timeout = '2s';

-- aim:expand add public.customers.fullname=name
ALTER TABLE customers ADD COLUMN name text;

-- +goose StatementBegin
CREATE FUNCTION customers_name_alike() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.name IS NULL THEN
      SELECT fullname INTO NEW.name
      FROM (SELECT NEW.fullname AS fullname) AS written;
    ELSE
      SELECT name INTO NEW.fullname
      FROM (SELECT NEW.name AS name) AS written;
    END IF;
  ELSIF NEW.name IS DISTINCT FROM OLD.name THEN
    SELECT name INTO NEW.fullname
      FROM (SELECT NEW.name AS name) AS written;
  ELSIF NEW.fullname IS DISTINCT FROM OLD.fullname OR NEW.name IS NULL THEN
    SELECT fullname INTO NEW.name
      FROM (SELECT NEW.fullname AS fullname) AS written;
  END IF;
  RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER customers_name_alike BEFORE INSERT OR UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION customers_name_alike();

-- +goose Down
SET LOCAL lock_timeout = '2s';
DROP TRIGGER customers_name_alike ON customers;
DROP FUNCTION customers_name_alike();
ALTER TABLE customers DROP COLUMN name;
