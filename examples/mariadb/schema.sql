-- Orders of a workshop.
CREATE SEQUENCE order_numbers START WITH 1000 INCREMENT BY 1;

CREATE TABLE customers (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(190) NOT NULL UNIQUE,
  address JSON
);

CREATE TABLE orders (
  number INT UNSIGNED NOT NULL DEFAULT (NEXT VALUE FOR order_numbers) PRIMARY KEY,
  customer_id INT UNSIGNED NOT NULL,
  state ENUM('new', 'paid', 'sent') NOT NULL DEFAULT 'new',
  price DECIMAL(10, 2) NOT NULL CHECK (price >= 0),
  ordered_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  KEY orders_state (state, ordered_at DESC),
  CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id)
) WITH SYSTEM VERSIONING;

CREATE VIEW open_orders AS
SELECT o.number, c.email, o.price
FROM orders o
JOIN customers c ON c.id = o.customer_id
WHERE o.state <> 'sent';
