-- migrate:up
CREATE TABLE shelves_author (
  id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  name varchar(200) NOT NULL
);

CREATE TABLE shelves_book (
  id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  title varchar(300) NOT NULL,
  isbn varchar(13) NULL UNIQUE
);

CREATE TABLE shelves_book_authors (
  id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  book_id bigint NOT NULL REFERENCES shelves_book (id) DEFERRABLE INITIALLY DEFERRED,
  author_id bigint NOT NULL REFERENCES shelves_author (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX book_title_idx ON shelves_book (title);
CREATE INDEX shelves_book_authors_author_id_9abfdd7f ON shelves_book_authors (author_id);
CREATE UNIQUE INDEX shelves_book_authors_book_id_author_id_9c6d9b06_uniq ON shelves_book_authors (book_id, author_id);
CREATE INDEX shelves_book_authors_book_id_c301fe03 ON shelves_book_authors (book_id);

-- migrate:down
-- WARNING: destroys the rows of table shelves_book_authors
DROP TABLE shelves_book_authors;

-- WARNING: destroys the rows of table shelves_author
DROP TABLE shelves_author;

-- WARNING: destroys the rows of table shelves_book
DROP TABLE shelves_book;
