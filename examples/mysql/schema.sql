-- The schema that the theatre should have. The migrations are one change behind: seats get prices of any size, bookings a state that
-- is computed, guests a name in any script, and a trigger counts what is booked.

CREATE TABLE shows (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  title varchar(120) NOT NULL,
  starts_at datetime NOT NULL,
  booked int unsigned NOT NULL DEFAULT 0 COMMENT 'Kept by bookings_count',
  KEY shows_starts_at (starts_at)
);

CREATE TABLE seats (
  show_id int unsigned NOT NULL,
  number smallint unsigned NOT NULL,
  price_cents bigint unsigned NOT NULL,
  PRIMARY KEY (show_id, number),
  CONSTRAINT seats_show FOREIGN KEY (show_id) REFERENCES shows (id) ON DELETE CASCADE
);

CREATE TABLE guests (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email varchar(190) NOT NULL,
  name varchar(120) CHARACTER SET utf8mb4 NOT NULL,
  UNIQUE KEY guests_email (email)
);

CREATE TABLE bookings (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  show_id int unsigned NOT NULL,
  number smallint unsigned NOT NULL,
  guest_id int unsigned NOT NULL,
  paid_at datetime,
  state varchar(6) GENERATED ALWAYS AS (if(paid_at IS NULL, 'open', 'paid')) STORED,
  UNIQUE KEY bookings_seat (show_id, number),
  KEY bookings_state (state),
  CONSTRAINT bookings_seat FOREIGN KEY (show_id, number) REFERENCES seats (show_id, number),
  CONSTRAINT bookings_guest FOREIGN KEY (guest_id) REFERENCES guests (id)
);

CREATE VIEW takings AS
SELECT bookings.show_id, sum(seats.price_cents) AS cents, count(*) AS bookings
FROM bookings
JOIN seats ON seats.show_id = bookings.show_id AND seats.number = bookings.number
GROUP BY bookings.show_id;

CREATE TRIGGER bookings_count AFTER INSERT ON bookings FOR EACH ROW
UPDATE shows SET booked = booked + 1 WHERE id = NEW.show_id;
