-- migrate:up
CREATE TABLE shows (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  title varchar(120) NOT NULL,
  starts_at datetime NOT NULL
);

CREATE TABLE seats (
  show_id int unsigned NOT NULL,
  number smallint unsigned NOT NULL,
  price_cents int unsigned NOT NULL,
  PRIMARY KEY (show_id, number),
  CONSTRAINT seats_show FOREIGN KEY (show_id) REFERENCES shows (id)
);

-- migrate:down
DROP TABLE seats;
DROP TABLE shows;
