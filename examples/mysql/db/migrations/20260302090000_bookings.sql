-- migrate:up
CREATE TABLE guests (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email varchar(190) NOT NULL,
  name varchar(120) CHARACTER SET latin1 NOT NULL,
  UNIQUE KEY guests_email (email)
);

CREATE TABLE bookings (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  show_id int unsigned NOT NULL,
  number smallint unsigned NOT NULL,
  guest_id int unsigned NOT NULL,
  paid_at datetime,
  UNIQUE KEY bookings_seat (show_id, number),
  CONSTRAINT bookings_seat FOREIGN KEY (show_id, number) REFERENCES seats (show_id, number),
  CONSTRAINT bookings_guest FOREIGN KEY (guest_id) REFERENCES guests (id)
);

CREATE VIEW takings AS
SELECT bookings.show_id, sum(seats.price_cents) AS cents
FROM bookings
JOIN seats ON seats.show_id = bookings.show_id AND seats.number = bookings.number
GROUP BY bookings.show_id;

-- migrate:down
DROP VIEW takings;
DROP TABLE bookings;
DROP TABLE guests;
