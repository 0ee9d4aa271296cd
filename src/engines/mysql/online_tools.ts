/** gh-ost and pt-online-schema-change: the commands for an ALTER TABLE, and what their manuals say they cannot do. */

import type { OnlineTool } from "../../core/online_tool.ts";
import type { TableShape } from "../../core/shape.ts";
import { tokenize } from "./catalog/cursor.ts";
import { alterTableOperations, readAlterTable } from "./operations/alter_table.ts";

/** The tools for a statement that changes one of the tables; none for any other statement. */
export function onlineTools(sql: string, tables: readonly TableShape[]): readonly OnlineTool[] {
  const alter = readAlterTable(tokenize(sql));
  const table = tables.find(({ name }) => name === alter?.table);
  if (alter === null || table === undefined || alter.specifications.length === 0) return [];
  const clauses = alter.specifications.map((tokens) =>
    sql.slice(tokens[0]?.start, tokens.at(-1)?.end).replaceAll(/\s+/g, " ")
  ).join(", ");
  const operations = alterTableOperations(alter);
  const has = (...actions: readonly string[]) =>
    operations.some(({ action }) => actions.includes(action));
  const isReferred = tables.some(({ foreignKeys }) =>
    foreignKeys.some(({ references }) => references === table.name)
  );
  const isKeyless = table.primaryKey.length === 0 && table.uniques.length === 0;
  const adds = operations.some(({ action, column }) =>
    action === "add-column" && column?.isRequired === true && column.default === null
  );
  const common = [
    ...isKeyless ? [`${table.name} has no primary or unique key`] : [],
    ...has("rename") ? ["it renames the table"] : [],
  ];
  return [
    {
      tool: "gh-ost",
      command: [
        'gh-ost --host="$DB_HOST" --database="$DB_NAME" --user="$DB_USER" --password="$DB_PASSWORD"',
        `  --table=${shell(table.name)} --alter=${shell(clauses)}`,
        "  --max-load=Threads_running=25 --chunk-size=1000 --cut-over=default --verbose --execute",
      ].join(" \\\n"),
      refusals: [
        ...common,
        ...table.foreignKeys.length > 0 ? [`${table.name} has foreign keys`] : [],
        ...isReferred ? [`foreign keys refer to ${table.name}`] : [],
        ...table.hasTriggers ? [`${table.name} has triggers`] : [],
      ],
    },
    {
      tool: "pt-online-schema-change",
      command: [
        `pt-online-schema-change --alter ${shell(clauses)}`,
        ...isReferred ? ["  --alter-foreign-keys-method=auto"] : [],
        ...table.hasTriggers ? ["  --preserve-triggers"] : [],
        "  --max-load Threads_running=25 --chunk-time 0.5 --execute",
        `  "h=$DB_HOST,D=$DB_NAME,u=$DB_USER,p=$DB_PASSWORD,"t=${shell(table.name)}`,
      ].join(" \\\n"),
      refusals: [
        ...common,
        ...has("rename-column") ? ["it renames a column, which would lose its values"] : [],
        ...adds ? ["it adds a required column without a default"] : [],
      ],
    },
  ];
}

/** A word of a shell that means itself. */
function shell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
