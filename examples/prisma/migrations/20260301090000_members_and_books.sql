-- migrate:up
CREATE TYPE "Role" AS ENUM ('READER', 'LIBRARIAN');

CREATE TABLE "Author" (
  id serial PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE "Book" (
  id serial PRIMARY KEY,
  title text NOT NULL,
  isbn text
);

CREATE TABLE "Member" (
  id serial PRIMARY KEY,
  email varchar(255) NOT NULL,
  role "Role" NOT NULL DEFAULT 'READER',
  "joinedAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE "_AuthorToBook" (
  "A" integer REFERENCES "Author"(id) ON UPDATE CASCADE ON DELETE CASCADE,
  "B" integer REFERENCES "Book"(id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "_AuthorToBook_AB_pkey" PRIMARY KEY ("A", "B")
);

CREATE UNIQUE INDEX "Book_isbn_key" ON "Book" (isbn);
CREATE INDEX "Book_title_idx" ON "Book" (title);
CREATE UNIQUE INDEX "Member_email_key" ON "Member" (email);
CREATE INDEX "_AuthorToBook_B_index" ON "_AuthorToBook" ("B");

-- migrate:down
-- WARNING: destroys the rows of table public.Member
DROP TABLE "Member";

-- WARNING: destroys the rows of table public._AuthorToBook
DROP TABLE "_AuthorToBook";

-- WARNING: destroys the rows of table public.Author
DROP TABLE "Author";

-- WARNING: destroys the rows of table public.Book
DROP TABLE "Book";

DROP TYPE "Role";
