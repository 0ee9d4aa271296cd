/** The shop in schemas of Drizzle. */

import type { Edit } from "../ways/way.ts";
import type { Shop } from "./shop.ts";

/** The file of a schema, and the packages of the kit before 1.0. */
export const SCHEMA = "src/schema.ts";
export const KIT = ["drizzle-orm@0.45.4", "drizzle-kit@0.31.11", "pg@8.23.1"];

/** The shop on Postgres. */
export const POSTGRES =
  `import { boolean, check, index, integer, numeric, pgEnum, pgTable as TABLE, primaryKey, serial, text, timestamp, varchar } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
export const role = pgEnum("role", ["admin", "member"]);
export const users = TABLE("users", {
  id: serial("id").primaryKey(),
  email: varchar("email", { length: 255 }).notNull().unique(),
  role: role("role").notNull().default("member"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});
export const orders = TABLE("orders", {
  id: serial("id").primaryKey(),
  userId: integer("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
  total: numeric("total", { precision: 12, scale: 2 }).notNull().default("0"),
  note: text("note"),
}, (t) => [index("orders_user_total_idx").on(t.userId, t.total), check("total_pos", sql\`\${t.total} >= 0\`)]);
export const tags = TABLE("tags", {
  id: serial("id").primaryKey(),
  name: text("name").notNull(),
});
export const orderTags = TABLE("order_tags", {
  orderId: integer("order_id").notNull().references(() => orders.id),
  tagId: integer("tag_id").notNull().references(() => tags.id),
}, (t) => [primaryKey({ columns: [t.orderId, t.tagId] })]);`;

/** The shop on SQLite. */
export const SQLITE =
  `import { check, index, integer, primaryKey, sqliteTable as TABLE, text } from "drizzle-orm/sqlite-core";
import { sql } from "drizzle-orm";
export const users = TABLE("users", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  email: text("email").notNull().unique(),
  createdAt: integer("created_at", { mode: "timestamp" }).notNull().default(sql\`(unixepoch())\`),
});
export const orders = TABLE("orders", {
  id: integer("id").primaryKey(),
  userId: integer("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
  total: integer("total").notNull().default(0),
  note: text("note"),
}, (t) => [index("orders_user_total_idx").on(t.userId, t.total), check("total_pos", sql\`\${t.total} >= 0\`)]);
export const tags = TABLE("tags", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});
export const orderTags = TABLE("order_tags", {
  orderId: integer("order_id").notNull().references(() => orders.id),
  tagId: integer("tag_id").notNull().references(() => tags.id),
}, (t) => [primaryKey({ columns: [t.orderId, t.tagId] })]);`;

/** What changes in a schema of Drizzle, whichever dialect it is of. */
export function drizzleEdits(flag: string): readonly Edit[] {
  return [
    { from: '  note: text("note"),\n', to: `  note: text("note"),\n  paid: ${flag},\n` },
    { from: 'text("name").notNull()', to: 'text("name").notNull().unique()' },
    {
      from: "export const tags",
      to:
        'export const shops = TABLE("shops", { name: text("name").primaryKey() });\nexport const tags',
    },
    {
      from: '  note: text("note"),\n',
      to: '  memo: text("memo"),\n',
      renames: [["orders.note", "memo"]],
    },
    { from: "t.userId, t.total)", to: "t.userId)" },
  ];
}

/** What somebody changes in the shop on Postgres. */
export const POSTGRES_EDITS: readonly Edit[] = [
  ...drizzleEdits('boolean("paid").notNull().default(false)'),
  { from: '["admin", "member"]', to: '["admin", "member", "guest"]' },
];

/** On Postgres. */
export const drizzle: Shop = {
  tool: "drizzle",
  language: "node",
  models: SCHEMA,
  files: {
    "package.json": '{"name":"shop","private":true}',
    "drizzle.config.ts":
      'import { defineConfig } from "drizzle-kit";\nexport default defineConfig({ dialect: "postgresql", schema: "./src/schema.ts", out: "./drizzle", dbCredentials: { url: process.env.DATABASE_URL ?? "" } });\n',
    [SCHEMA]: POSTGRES,
  },
  makes: ["npx", "--no-install", "drizzle-kit", "push", "--force"],
  edits: POSTGRES_EDITS.map(({ from, to }) => [from, to] as const),
};
