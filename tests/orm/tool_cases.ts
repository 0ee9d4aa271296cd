/** A small shop in the models of several tools, and what somebody changes in them. */

/** A project of a tool. */
export interface ToolCase {
  readonly tool: string;
  readonly language: "python" | "node";
  readonly files: Readonly<Record<string, string>>;
  /** The file of models. */
  readonly models: string;
  /** What a user changes in the script. */
  script?(text: string): string;
  /** The tool's own command that makes the tables in the database of DATABASE_URL. */
  readonly makes: readonly string[];
  readonly edits: readonly (readonly [from: string, to: string])[];
}

const django: ToolCase = {
  tool: "django",
  language: "python",
  models: "shop/models.py",
  files: {
    "manage.py": 'import os, sys\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config")\n' +
      "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
    "config.py": `import os, urllib.parse
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
url = urllib.parse.urlparse(os.environ.get("DATABASE_URL", "postgres://"))
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username, "PASSWORD": url.password, "HOST": url.hostname, "PORT": url.port}}
`,
    "shop/__init__.py": "",
    "shop/models.py": `from django.db import models
from django.db.models.functions import Now

class Customer(models.Model):
    email = models.EmailField(unique=True, max_length=255, db_comment="login")
    role = models.CharField(max_length=10, db_default="member")
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
  makes: [
    "sh",
    "-c",
    '"$0" manage.py makemigrations -v0 shop && "$0" manage.py migrate -v0',
    "python3",
  ],
  edits: [
    [
      "    note = models.TextField(null=True)\n",
      "    note = models.TextField(null=True)\n    paid = models.BooleanField(db_default=False)\n",
    ],
    [
      "    name = models.CharField(max_length=40)",
      "    name = models.CharField(max_length=80, unique=True)",
    ],
    [
      "class Tag(",
      "class Shop(models.Model):\n    name = models.CharField(max_length=10, primary_key=True)\n\nclass Tag(",
    ],
    ["    note = models.TextField(null=True)\n", ""],
    [
      'name="order_total_idx")]',
      'name="order_total_idx")]\n        constraints = [models.CheckConstraint(condition=models.Q(total__gte=0), name="total_positive")]',
    ],
  ],
};

const sqlalchemy: ToolCase = {
  tool: "sqlalchemy",
  language: "python",
  models: "app/models.py",
  files: {
    "app/__init__.py": "",
    "app/models.py": `import enum
from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase): pass

class Role(enum.Enum):
    admin = "admin"
    member = "member"

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True, comment="login")
    role: Mapped[Role] = mapped_column(Enum(Role, name="role"), server_default="member")
    created_at = mapped_column(DateTime(timezone=True), server_default=func.now(), nullable=False)

class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (CheckConstraint("total >= 0", name="total_pos"), Index("orders_user_total_idx", "user_id", "total"))
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
    total = mapped_column(Numeric(12, 2), server_default="0", nullable=False)
    note = mapped_column(Text)

class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

order_tags = Table("order_tags", Base.metadata, Column("order_id", ForeignKey("orders.id"), primary_key=True), Column("tag_id", ForeignKey("tags.id"), primary_key=True))
`,
  },
  makes: [
    "python3",
    "-c",
    "import os; from sqlalchemy import create_engine; from app.models import Base; Base.metadata.create_all(create_engine(os.environ['DATABASE_URL'].replace('postgresql', 'postgresql+psycopg')))",
  ],
  edits: [
    [
      "    note = mapped_column(Text)\n",
      '    note = mapped_column(Text)\n    paid = mapped_column(Boolean, server_default="false", nullable=False)\n',
    ],
    ["    name: Mapped[str]", "    name: Mapped[str] = mapped_column(String(80), unique=True)"],
    [
      "class Tag(Base)",
      'class Shop(Base):\n    __tablename__ = "shops"\n    name: Mapped[str] = mapped_column(primary_key=True)\n\nclass Tag(Base)',
    ],
    ["    note = mapped_column(Text)\n", ""],
    ['    member = "member"\n', '    member = "member"\n    guest = "guest"\n'],
  ],
};

const drizzle: ToolCase = {
  tool: "drizzle",
  language: "node",
  models: "src/schema.ts",
  files: {
    "package.json": '{"name":"shop","private":true}',
    "drizzle.config.ts":
      'import { defineConfig } from "drizzle-kit";\nexport default defineConfig({ dialect: "postgresql", schema: "./src/schema.ts", dbCredentials: { url: process.env.DATABASE_URL ?? "" } });\n',
    "src/schema.ts":
      `import { boolean, check, index, integer, numeric, pgEnum, pgTable, primaryKey, serial, text, timestamp, varchar } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
export const role = pgEnum("role", ["admin", "member"]);
export const users = pgTable("users", {
  id: serial("id").primaryKey(),
  email: varchar("email", { length: 255 }).notNull().unique(),
  role: role("role").notNull().default("member"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});
export const orders = pgTable("orders", {
  id: serial("id").primaryKey(),
  userId: integer("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
  total: numeric("total", { precision: 12, scale: 2 }).notNull().default("0"),
  note: text("note"),
}, (t) => [index("orders_user_total_idx").on(t.userId, t.total), check("total_pos", sql\`\${t.total} >= 0\`)]);
export const tags = pgTable("tags", {
  id: serial("id").primaryKey(),
  name: text("name").notNull(),
});
export const orderTags = pgTable("order_tags", {
  orderId: integer("order_id").notNull().references(() => orders.id),
  tagId: integer("tag_id").notNull().references(() => tags.id),
}, (t) => [primaryKey({ columns: [t.orderId, t.tagId] })]);
`,
  },
  makes: ["npx", "--no-install", "drizzle-kit", "push", "--force"],
  edits: [
    [
      '  note: text("note"),\n',
      '  note: text("note"),\n  paid: boolean("paid").notNull().default(false),\n',
    ],
    ['  name: text("name").notNull(),', '  name: text("name").notNull().unique(),'],
    [
      "export const tags",
      'export const shops = pgTable("shops", { name: text("name").primaryKey() });\nexport const tags',
    ],
    ['  note: text("note"),\n', ""],
    ['["admin", "member"]', '["admin", "member", "guest"]'],
  ],
};

const typeorm: ToolCase = {
  tool: "typeorm",
  language: "node",
  models: "src/data-source.ts",
  files: {
    "package.json": '{"name":"shop","private":true}',
    "tsconfig.json":
      '{"compilerOptions":{"target":"es2022","module":"commonjs","moduleResolution":"node","experimentalDecorators":true,"emitDecoratorMetadata":true,"esModuleInterop":true}}',
    "src/data-source.ts": `import "reflect-metadata";
import { Check, Column, CreateDateColumn, DataSource, Entity, Index, JoinTable, ManyToMany, ManyToOne, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
@Entity("users")
export class User {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 255, unique: true, comment: "login" }) email!: string;
  @Column({ type: "enum", enum: ["admin", "member"], default: "member" }) role!: string;
  @CreateDateColumn({ type: "timestamptz" }) createdAt!: Date;
}
@Entity("tags")
export class Tag {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
}
@Entity("orders")
@Check("total_pos", '"total" >= 0')
@Index("orders_user_total_idx", ["user", "total"])
export class Order {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => User, { onDelete: "CASCADE", nullable: false }) user!: User;
  @Column({ type: "numeric", precision: 12, scale: 2, default: 0 }) total!: string;
  @Column({ type: "text", nullable: true }) note!: string | null;
  @ManyToMany(() => Tag) @JoinTable() tags!: Tag[];
}
const entities: Function[] = [User, Order, Tag];
export const AppDataSource = new DataSource({ type: "postgres", url: process.env.DATABASE_URL, entities });
`,
  },
  makes: [
    "npx",
    "--no-install",
    "ts-node",
    "-T",
    "-e",
    'require("./src/data-source").AppDataSource.initialize().then((d: any) => d.synchronize()).then(() => process.exit(0))',
  ],
  edits: [
    [
      "  @ManyToMany(() => Tag)",
      "  @Column({ default: false }) paid!: boolean;\n  @ManyToMany(() => Tag)",
    ],
    ["  @Column() name!: string;", "  @Column({ unique: true }) name!: string;"],
    [
      "const entities: Function[] = [",
      '@Entity("shops")\nclass Shop {\n  @PrimaryColumn() name!: string;\n}\nconst entities: Function[] = [Shop, ',
    ],
    ['  @Column({ type: "text", nullable: true }) note!: string | null;\n', ""],
    ['["admin", "member"]', '["admin", "member", "guest"]'],
  ],
};

const sequelize: ToolCase = {
  tool: "sequelize",
  language: "node",
  models: "models/index.js",
  files: {
    "package.json": '{"name":"shop","private":true}',
    "models/index.js": `const { DataTypes, Sequelize } = require("sequelize");
const sequelize = new Sequelize(process.env.DATABASE_URL ?? "postgres://a:b@localhost/x", { logging: false });
const User = sequelize.define("User", {
  email: { type: DataTypes.STRING(255), allowNull: false, unique: true, comment: "login" },
  role: { type: DataTypes.ENUM("admin", "member"), defaultValue: "member", allowNull: false },
}, { tableName: "users" });
const Order = sequelize.define("Order", {
  total: { type: DataTypes.DECIMAL(12, 2), allowNull: false, defaultValue: 0 },
  note: DataTypes.TEXT,
  half: { type: DataTypes.VIRTUAL, get() { return this.total / 2; } },
}, { tableName: "orders", indexes: [{ name: "orders_user_total_idx", fields: ["userId", "total"] }] });
const Tag = sequelize.define("Tag", {
  name: { type: DataTypes.STRING, allowNull: false },
}, { tableName: "tags", timestamps: false });
Order.belongsTo(User, { foreignKey: { name: "userId", allowNull: false }, onDelete: "CASCADE" });
Order.belongsToMany(Tag, { through: "order_tags" });
Tag.belongsToMany(Order, { through: "order_tags" });
module.exports = { sequelize };
`,
  },
  makes: [
    "node",
    "-e",
    'require("./models").sequelize.sync().then(() => process.exit(0), (e) => { console.error(e); process.exit(1); })',
  ],
  edits: [
    [
      "  note: DataTypes.TEXT,\n",
      "  note: DataTypes.TEXT,\n  paid: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },\n",
    ],
    [
      "  name: { type: DataTypes.STRING, allowNull: false },",
      "  name: { type: DataTypes.STRING, allowNull: false, unique: true },",
    ],
    [
      "const Tag =",
      'sequelize.define("Shop", { name: { type: DataTypes.STRING, primaryKey: true } }, { tableName: "shops", timestamps: false });\nconst Tag =',
    ],
    ["  note: DataTypes.TEXT,\n", ""],
    ['DataTypes.ENUM("admin", "member")', 'DataTypes.ENUM("admin", "member", "guest")'],
  ],
};

const mikroorm: ToolCase = {
  tool: "mikroorm",
  language: "node",
  models: "mikro-orm.config.ts",
  files: {
    "package.json": '{"name":"shop","private":true}',
    "mikro-orm.config.ts": `import { EntitySchema } from "@mikro-orm/core";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
const id = { type: "number", primary: true, autoincrement: true };
const User: any = new EntitySchema<any>({ name: "User", tableName: "users", properties: {
  id,
  email: { type: "string", length: 255, unique: true, comment: "login" },
  role: { enum: true, items: ["admin", "member"], default: "member", nativeEnumName: "role" },
  createdAt: { type: "datetime", defaultRaw: "now()" },
} as any });
const Tag: any = new EntitySchema<any>({ name: "Tag", tableName: "tags", properties: {
  id,
  name: { type: "string" },
} as any });
const Order: any = new EntitySchema<any>({ name: "Order", tableName: "orders",
  indexes: [{ name: "orders_user_total_idx", properties: ["user", "total"] }],
  checks: [{ name: "total_pos", expression: "total >= 0" }],
  properties: {
    id,
    user: { kind: "m:1", entity: () => User, deleteRule: "cascade" },
    total: { type: "decimal", precision: 12, scale: 2, defaultRaw: "0" },
    note: { type: "text", nullable: true },
    tags: { kind: "m:n", entity: () => Tag },
  } as any });
const entities: any[] = [User, Tag, Order];
export default { driver: PostgreSqlDriver, dbName: "postgres", entities };
`,
  },
  makes: [
    "npx",
    "--no-install",
    "tsx",
    "-e",
    'import("@mikro-orm/core").then(async ({ MikroORM }) => { const c = (await import("./mikro-orm.config.ts")).default; const o = await MikroORM.init({ ...(c.default ?? c), clientUrl: process.env.DATABASE_URL }); await o.schema.create(); await o.close(true); }).catch((e) => { console.error(e); process.exit(1); })',
  ],
  edits: [
    [
      '    note: { type: "text", nullable: true },\n',
      '    note: { type: "text", nullable: true },\n    paid: { type: "boolean", default: false },\n',
    ],
    ['  name: { type: "string" },', '  name: { type: "string", unique: true },'],
    [
      "const entities: any[] = [",
      'const Shop: any = new EntitySchema<any>({ name: "Shop", tableName: "shops", properties: { name: { type: "string", primary: true } } as any });\nconst entities: any[] = [Shop, ',
    ],
    ['    note: { type: "text", nullable: true },\n', ""],
    ['["admin", "member"]', '["admin", "member", "guest"]'],
  ],
};

/** One for each tool that is installed by its language's registry in a minute. */
export const TOOLS: readonly ToolCase[] = [
  django,
  sqlalchemy,
  drizzle,
  typeorm,
  sequelize,
  mikroorm,
];
