/** The shop in models of MikroORM. */

import type { Shop } from "./shop.ts";

/** On Postgres. */
export const mikroorm: Shop = {
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
