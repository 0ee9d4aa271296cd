import type { OrmTool } from "../orm.ts";

/** Sequelize: a script has its query generator write the tables of the models, without a connection. */
export const sequelize: OrmTool = {
  name: "sequelize",
  title: "Sequelize",
  door: "print",
  command: ["node", "aim_models.cjs"],
  dialects: ["postgres", "sqlite", "mysql", "mariadb"],
  says: ["comment", "enum"],
  blurs: ["enum order"],
  unsaid: "`validate` of a model is the application's and no check of the database",
  models: ["aim_models.cjs", "models/**/*.js", "src/models/**"],
  script: {
    file: "aim_models.cjs",
    edit: "set MODELS to the module that exports your Sequelize",
    text: String
      .raw`// Prints the tables of this project's Sequelize models as SQL. Written by aim init; it is yours to change.

// The module that exports the Sequelize with all models defined, itself or as "sequelize", relative to this file.
const MODELS = "./models";

const loaded = require(MODELS);
const sequelize = loaded.sequelize ?? loaded.default?.sequelize ?? loaded.default ?? loaded;
const dialect = sequelize.getDialect();
const generator = sequelize.getQueryInterface().queryGenerator;

function show(sql) {
  const text = typeof sql === "string" ? sql : sql.query;
  console.log(text.trim().replace(/;*$/, ";"));
}

// Referenced tables first; where tables refer to each other in a circle, their keys come last.
const sorted = sequelize.modelManager.getModelsTopoSortedByForeignKey();
const models = sorted === null ? sequelize.modelManager.models : [...sorted].reverse();
const late = [];
for (const model of models) {
  const table = model.getTableName();
  const columns = {};
  for (const [name, attribute] of Object.entries(model.getAttributes())) {
    if (attribute.type?.key === "VIRTUAL") continue;
    columns[name] = { ...attribute };
    if (sorted === null && attribute.references) {
      late.push([table, name, attribute]);
      delete columns[name].references;
    }
    if (dialect === "postgres" && attribute.values && attribute.type?.key === "ENUM") {
      const values = attribute.values.map((value) => generator.escape(value)).join(", ");
      show("CREATE TYPE " + generator.pgEnumName(table, attribute.field ?? name) + " AS ENUM (" + values + ")");
    }
  }
  const types = generator.attributesToSQL(columns, { table, context: "createTable", ...model.options });
  show(generator.createTableQuery(table, types, { ...model.options, uniqueKeys: model.uniqueKeys }).replace(/IF NOT EXISTS /, ""));
  for (const index of model.options.indexes) show(generator.addIndexQuery(table, { ...index }, table));
}
for (const [table, name, { field, references, onDelete, onUpdate }] of late) {
  const target = typeof references === "string" ? { table: references, field: "id" } : { table: references.model, field: references.key };
  show(generator.addConstraintQuery(table, { fields: [field ?? name], type: "foreign key", references: target, onDelete, onUpdate }));
}
`,
  },
  signs: [{ files: [".sequelizerc"] }, { files: ["package.json"], says: /"sequelize"\s*:/ }],
};
