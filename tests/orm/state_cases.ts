/** Projects whose tools keep beside their migrations what the models are, and what somebody changes in them. */

/** A project of a tool, with the migrations in its own format. */
export interface StateCase {
  readonly name: string;
  readonly tool: "drizzle" | "django";
  readonly engine: "postgres" | "sqlite";
  readonly packages: readonly string[];
  readonly migrations: string;
  readonly files: Readonly<Record<string, string>>;
  readonly models: string;
  /** Words that make the first migration, or null where aim does. */
  readonly first: readonly string[] | null;
  /** Words that say whether the tool would write one more. */
  readonly check: readonly string[];
  /** What `check` says then. */
  readonly clean: RegExp;
  /** Words that apply the migrations to the database of the variables. */
  readonly apply: readonly string[];
  readonly edits: readonly Edit[];
}

/** A change of the file of models; `renames` are what the user says of it. */
export interface Edit {
  readonly from: string;
  readonly to: string;
  readonly renames?: readonly (readonly [from: string, to: string])[];
  /** What else is written otherwise, everywhere. */
  readonly others?: readonly (readonly [from: string, to: string])[];
  /** What stands in the migration. */
  readonly says?: RegExp;
}

const KIT = ["drizzle-orm@0.45.4", "drizzle-kit@0.31.11", "pg@8.23.1"];
const NEW_KIT = [
  "drizzle-orm@1.0.0-rc.5-ab785fc",
  "drizzle-kit@1.0.0-rc.5-ab785fc",
  "pg@8.23.1",
];

/** What changes in a schema of Drizzle, whichever dialect it is of. */
function drizzleEdits(flag: string): readonly Edit[] {
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

function drizzlePostgres(name: string, packages: readonly string[], first: boolean): StateCase {
  return {
    name,
    tool: "drizzle",
    engine: "postgres",
    packages,
    migrations: "drizzle",
    models: "src/schema.ts",
    files: {
      "package.json": '{"name":"shop","private":true}',
      "drizzle.config.ts":
        'import { defineConfig } from "drizzle-kit";\nexport default defineConfig({ dialect: "postgresql", schema: "./src/schema.ts", out: "./drizzle", dbCredentials: { url: process.env.DATABASE_URL ?? "" } });\n',
      "src/schema.ts":
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
}, (t) => [index("orders_user_idx").on(t.userId, t.total), check("total_pos", sql\`\${t.total} >= 0\`)]);
export const tags = TABLE("tags", {
  id: serial("id").primaryKey(),
  name: text("name").notNull(),
});
export const orderTags = TABLE("order_tags", {
  orderId: integer("order_id").notNull().references(() => orders.id),
  tagId: integer("tag_id").notNull().references(() => tags.id),
}, (t) => [primaryKey({ columns: [t.orderId, t.tagId] })]);
`,
    },
    first: first ? ["npx", "--no-install", "drizzle-kit", "generate"] : null,
    check: ["npx", "--no-install", "drizzle-kit", "generate"],
    clean: /No schema changes/,
    apply: ["npx", "--no-install", "drizzle-kit", "migrate"],
    edits: [
      ...drizzleEdits('boolean("paid").notNull().default(false)'),
      { from: '["admin", "member"]', to: '["admin", "member", "guest"]' },
    ],
  };
}

function drizzleSqlite(name: string, packages: readonly string[], first: boolean): StateCase {
  const settings = {
    dialect: "sqlite",
    schema: "./src/schema.ts",
    out: "./drizzle",
    dbCredentials: { url: "file:shop.db" },
  };
  // A kit since 1.0 reads no settings of JSON.
  const config: Readonly<Record<string, string>> = packages === KIT
    ? { "drizzle.config.json": JSON.stringify(settings) }
    : { "drizzle.config.ts": `export default ${JSON.stringify(settings)};\n` };
  return {
    ...drizzlePostgres(name, [...packages, "@libsql/client@0.15.15"], first),
    engine: "sqlite",
    files: {
      "package.json": '{"name":"shop","private":true}',
      ...config,
      "src/schema.ts":
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
}, (t) => [index("orders_user_idx").on(t.userId, t.total), check("total_pos", sql\`\${t.total} >= 0\`)]);
export const tags = TABLE("tags", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});
export const orderTags = TABLE("order_tags", {
  orderId: integer("order_id").notNull().references(() => orders.id),
  tagId: integer("tag_id").notNull().references(() => tags.id),
}, (t) => [primaryKey({ columns: [t.orderId, t.tagId] })]);
`,
    },
    apply: [
      "node",
      "-e",
      'const own = { dialect: "sqlite", out: "./drizzle", dbCredentials: { url: "file:" + process.env.DB_FILE } }; require("fs").writeFileSync("other.config.ts", "export default " + JSON.stringify(own)); const done = require("child_process").spawnSync("npx", ["--no-install", "drizzle-kit", "migrate", "--config=other.config.ts"], { stdio: "inherit" }); process.exit(done.status)',
    ],
    edits: drizzleEdits('integer("paid", { mode: "boolean" }).notNull().default(false)'),
  };
}

function django(engine: "postgres" | "sqlite", database: string): StateCase {
  return {
    name: `Django on ${engine}`,
    tool: "django",
    engine,
    packages: ["django==5.2.19", "sqlalchemy==2.1.9", "psycopg[binary]==3.3.6"],
    migrations: "shop/migrations",
    models: "shop/models.py",
    files: {
      "manage.py": 'import os, sys\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config")\n' +
        "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
      "config.py": `import os
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {"default": ${database}}
`,
      "shop/__init__.py": "",
      "shop/migrations/__init__.py": "",
      "shop/models.py": `from django.conf import settings
from django.db import models
from django.db.models.functions import Now

class Customer(models.Model):
    email = models.EmailField(unique=True, max_length=255)
    role = models.CharField(max_length=10, default="member", choices=[("member", "it's a member"), ("admin", "Admin")])
    created_at = models.DateTimeField(db_default=Now())
    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(role__in=["admin", "member"]), name="role_known")]

class Tag(models.Model):
    name = models.CharField(max_length=40)

class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    total = models.DecimalField(max_digits=12, decimal_places=2, db_default=0)
    note = models.TextField(null=True)
    tags = models.ManyToManyField(Tag)
    class Meta:
        indexes = [models.Index(fields=["customer", "-total"], name="order_total_idx")]
`,
    },
    first: ["python3", "manage.py", "makemigrations", "-v0", "shop"],
    check: ["python3", "manage.py", "makemigrations", "--check", "--dry-run", "-v1"],
    clean: /No changes detected/,
    apply: ["python3", "manage.py", "migrate", "-v0"],
    edits: [
      {
        from: "    note = models.TextField(null=True)\n",
        to:
          "    note = models.TextField(null=True)\n    paid = models.BooleanField(db_default=False)\n    code = models.CharField(max_length=9)\n",
        says: /state_operations=\[\s+migrations\.AddField\(/,
      },
      {
        from: "    name = models.CharField(max_length=40)",
        to:
          "    name = models.CharField(max_length=80, unique=True)\n    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)",
        says: /migrations\.swappable_dependency\(settings\.AUTH_USER_MODEL\)/,
      },
      {
        from: "class Tag(",
        to:
          'class Shop(models.Model):\n    name = models.CharField(max_length=10, primary_key=True)\n    tags = models.ManyToManyField("Tag")\n\nclass Tag(',
        says: /migrations\.CreateModel\(/,
      },
      {
        from: "    note = models.TextField(null=True)\n",
        to: "    memo = models.TextField(null=True)\n",
        renames: [["shop_order.note", "memo"]],
        says: /migrations\.RenameField\(/,
      },
      {
        from: 'name="order_total_idx")]',
        to:
          'name="order_total_idx")]\n        constraints = [models.CheckConstraint(condition=models.Q(total__gte=0), name="total_positive")]',
        says: /migrations\.AddConstraint\(/,
      },
      {
        from: "class Tag(",
        to: "class Label(",
        others: [['"Tag"', '"Label"'], ["(Tag)", "(Label)"]],
        renames: [["shop_tag", "shop_label"], ["shop_order_tags.tag_id", "label_id"], [
          "shop_shop_tags.tag_id",
          "label_id",
        ]],
        says: /migrations\.RenameModel\(/,
      },
    ],
  };
}

/** Each of them is run with the tool as it is. */
export const STATES: readonly StateCase[] = [
  drizzlePostgres("Drizzle 0.45 on Postgres", KIT, true),
  drizzleSqlite("Drizzle 0.45 on SQLite", KIT, false),
  drizzlePostgres("Drizzle 1.0 on Postgres", NEW_KIT, false),
  drizzleSqlite("Drizzle 1.0 on SQLite", NEW_KIT, true),
  django(
    "sqlite",
    '{"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DB_FILE", ":memory:")}',
  ),
  django(
    "postgres",
    '{"ENGINE": "django.db.backends.postgresql", "NAME": os.environ.get("DB_NAME", "x"), "USER": os.environ.get("DB_USER"), "PASSWORD": os.environ.get("DB_PASSWORD"), "HOST": os.environ.get("DB_HOST"), "PORT": os.environ.get("DB_PORT")}',
  ),
];
