-- The schema that the shop should have. The migrations are one change behind: prices become exact numbers of any size,
-- the view that depends on them says how many items an order has, and there are shipments.

CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  phone text,
  created_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN customers.phone IS 'With the country code, as the carrier wants it';

CREATE TABLE products (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL,
  price_cents bigint NOT NULL CHECK (price_cents >= 0)
);

CREATE TYPE order_status AS ENUM ('open', 'paid', 'shipped');

CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id),
  status order_status NOT NULL DEFAULT 'open',
  placed_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX orders_customer_id_idx ON orders (customer_id);

CREATE TABLE order_items (
  order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  product_id bigint NOT NULL REFERENCES products (id),
  quantity smallint NOT NULL DEFAULT 1 CHECK (quantity > 0),
  PRIMARY KEY (order_id, product_id)
);

CREATE TABLE shipments (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  carrier text NOT NULL,
  tracking_code text NOT NULL,
  shipped_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (carrier, tracking_code)
);

CREATE VIEW order_totals AS
SELECT
  orders.id AS order_id,
  sum(order_items.quantity * products.price_cents) AS total_cents,
  sum(order_items.quantity) AS item_count
FROM orders
JOIN order_items ON order_items.order_id = orders.id
JOIN products ON products.id = order_items.product_id
GROUP BY orders.id;

CREATE FUNCTION mark_shipped() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  UPDATE orders SET status = 'shipped' WHERE id = NEW.order_id;
  RETURN NEW;
END;
$$;

CREATE TRIGGER shipment_marks_order
AFTER INSERT ON shipments
FOR EACH ROW EXECUTE FUNCTION mark_shipped();
