/** The shop in models of Sequelize. */

import type { Shop } from "./shop.ts";

/** On Postgres. */
export const sequelize: Shop = {
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
