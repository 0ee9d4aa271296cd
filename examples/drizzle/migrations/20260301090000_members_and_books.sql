-- migrate:up
CREATE TYPE role AS ENUM ('reader', 'librarian');

CREATE TABLE authors (
  id serial PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE books (
  id serial PRIMARY KEY,
  title text NOT NULL
);

CREATE TABLE book_authors (
  book_id integer,
  author_id integer,
  CONSTRAINT book_authors_book_id_author_id_pk PRIMARY KEY (book_id, author_id),
  CONSTRAINT book_authors_author_id_authors_id_fk FOREIGN KEY (author_id) REFERENCES authors(id),
  CONSTRAINT book_authors_book_id_books_id_fk FOREIGN KEY (book_id) REFERENCES books(id) ON DELETE CASCADE
);

CREATE TABLE members (
  id serial PRIMARY KEY,
  email varchar(255) NOT NULL,
  role role NOT NULL DEFAULT 'reader',
  joined_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT members_email_unique UNIQUE (email)
);

CREATE INDEX books_title_idx ON books (title);

-- migrate:down
-- WARNING: destroys the rows of table public.book_authors
DROP TABLE book_authors;

-- WARNING: destroys the rows of table public.authors
DROP TABLE authors;

-- WARNING: destroys the rows of table public.books
DROP TABLE books;

-- WARNING: destroys the rows of table public.members
DROP TABLE members;

DROP TYPE role;
