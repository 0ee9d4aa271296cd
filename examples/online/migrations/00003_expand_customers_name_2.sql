-- Part 2 of 2: its statements cannot share a transaction with the others
-- +goose NO TRANSACTION
-- +goose Up
-- aim:expand backfill public.customers.fullname=name
-- +goose StatementBegin
DO $$
DECLARE
  aim_from_1 customers.id%TYPE;
  aim_to_1 customers.id%TYPE;
  aim_filled bigint := 0;
  aim_batch bigint;
BEGIN
  SELECT id INTO aim_from_1 FROM customers ORDER BY id LIMIT 1;
  WHILE aim_from_1 IS NOT NULL LOOP
    SELECT id INTO aim_to_1 FROM customers
      WHERE id >= aim_from_1 ORDER BY id OFFSET 1000 LIMIT 1;
    IF aim_to_1 IS NULL THEN
      UPDATE customers SET fullname = fullname
        WHERE id >= aim_from_1 AND name IS NULL AND (fullname IS NOT NULL);
    ELSE
      UPDATE customers SET fullname = fullname
        WHERE id >= aim_from_1 AND name IS NULL AND (fullname IS NOT NULL) AND id < aim_to_1;
    END IF;
    GET DIAGNOSTICS aim_batch = ROW_COUNT;
    COMMIT;
    aim_filled := aim_filled + aim_batch;
    RAISE NOTICE '% rows of % are filled', aim_filled, 'customers';
    aim_from_1 := aim_to_1;
    IF aim_batch > 0 THEN
      PERFORM pg_sleep(0.05);
    END IF;
  END LOOP;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- Nothing to undo: what was filled is kept alike
SELECT 1;
