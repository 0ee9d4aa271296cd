import { sql } from "drizzle-orm";
import {
  check,
  date,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  serial,
  text,
  timestamp,
  varchar,
} from "drizzle-orm/pg-core";

export const role = pgEnum("role", ["reader", "librarian"]);

export const members = pgTable("members", {
  id: serial("id").primaryKey(),
  email: varchar("email", { length: 255 }).notNull().unique(),
  role: role("role").notNull().default("reader"),
  joinedAt: timestamp("joined_at", { withTimezone: true }).notNull().defaultNow(),
});

export const books = pgTable("books", {
  id: serial("id").primaryKey(),
  title: text("title").notNull(),
  pages: integer("pages").notNull().default(0),
}, (table) => [
  index("books_title_idx").on(table.title),
  check("pages_positive", sql`${table.pages} >= 0`),
]);

export const authors = pgTable("authors", {
  id: serial("id").primaryKey(),
  name: text("name").notNull(),
});

export const bookAuthors = pgTable("book_authors", {
  bookId: integer("book_id").notNull().references(() => books.id, { onDelete: "cascade" }),
  authorId: integer("author_id").notNull().references(() => authors.id),
}, (table) => [primaryKey({ columns: [table.bookId, table.authorId] })]);

export const loans = pgTable("loans", {
  id: serial("id").primaryKey(),
  memberId: integer("member_id").notNull().references(() => members.id, { onDelete: "cascade" }),
  bookId: integer("book_id").notNull().references(() => books.id),
  due: date("due").notNull(),
  returned: timestamp("returned", { withTimezone: true }),
}, (table) => [index("loans_member_due_idx").on(table.memberId, table.due)]);
