/** A model as a script. */

import {
  type Column,
  type ForeignKey,
  type Index,
  isLong,
  type Model,
  type Partitioning,
  type Routine,
  type Table,
  type Trigger,
  type View,
} from "./model.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The schema as statements; foreign keys come once all tables are there. */
export function print(model: Model, words: Vocabulary): string {
  return [
    ...model.sequences.map(({ name, options }) => `CREATE SEQUENCE ${quote(name)} ${options}`),
    ...model.tables.map((table) => tableText(table, words)),
    ...model.tables.flatMap((table) => table.foreignKeys.map((key) => foreignKeyText(table, key))),
    ...model.routines.map(routineText),
    ...model.views.map(viewText),
    ...model.triggers.map(triggerText),
    ...model.events.map(({ name, schedule, attributes, table }) =>
      `CREATE EVENT ${quote(name)} ON SCHEDULE ${schedule} ${attributes.join(" ")} DO ${
        table === null ? "SET @e = 1" : `DELETE FROM ${quote(table)} WHERE 1 = 0`
      }`
    ),
  ].map((text) => `${text};\n`).join("");
}

function quote(name: string): string {
  return /^[a-z]+\d+$/.test(name) ? name : `\`${name.replaceAll("`", "``")}\``;
}

function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

function tableText(table: Table, words: Vocabulary): string {
  const key = ["id", ...table.secondKey === null ? [] : [table.secondKey]].map(quote);
  const lines = [
    [`id ${table.id} NOT NULL${table.counts ? " AUTO_INCREMENT" : ""}`, ""],
    ...table.columns.map((column) => [columnText(column), renamed(column)]),
    [`PRIMARY KEY (${key.join(", ")})`, ""],
    ...table.indexes.map((index) => [indexText(table, index, words), ""]),
    ...table.checks.map(({ name, column, expression, enforced }) => [
      `CONSTRAINT ${quote(name)} CHECK (${filled(expression, column)})${
        enforced ? "" : " NOT ENFORCED"
      }`,
      "",
    ]),
  ];
  const body = lines.map(([line, note], at) =>
    `  ${line}${at === lines.length - 1 ? "" : ","}${note}\n`
  ).join("");
  const options = [
    `ENGINE=${table.engine}`,
    `COLLATE=${table.collation}`,
    ...table.comment === null ? [] : [`COMMENT=${literal(table.comment)}`],
    ...Object.entries(table.options).map(([name, value]) => `${name}=${value}`),
    ...table.versioned ? ["WITH SYSTEM VERSIONING"] : [],
  ];
  return `CREATE TABLE ${quote(table.name)} (${renamed(table)}\n${body}) ${options.join(" ")}${
    table.partitioning === null ? "" : partitionText(table.partitioning, words)
  }`;
}

/** The annotation of a new name. */
function renamed({ name, was }: { readonly name: string; readonly was: string | null }): string {
  return was === null || was === name ? "" : ` -- @renamed from=${quote(was)}`;
}

function columnText(column: Column): string {
  const { type, collation, generated } = column;
  const charset = collation === null
    ? ""
    : ` CHARACTER SET ${
      /^uca/.test(collation) ? "utf8mb4" : collation.split("_")[0]
    } COLLATE ${collation}`;
  const isMoment = /^datetime|^timestamp/.test(type);
  const precision = /\(\d\)/.exec(type)?.[0] ?? "";
  const start = column.default?.startsWith("nextval:")
    ? `nextval(${quote(column.default.slice("nextval:".length))})`
    : column.default;
  const end = [
    ...column.invisible ? ["INVISIBLE"] : [],
    ...column.comment === null ? [] : [`COMMENT ${literal(column.comment)}`],
    ...column.check === null ? [] : [`CHECK (${filled(column.check, column.name)})`],
  ];
  const value = generated === null
    ? [
      ...column.notNull ? ["NOT NULL"] : [],
      ...start === null ? [] : [`DEFAULT ${start}`],
      ...isMoment && column.touched ? [`ON UPDATE CURRENT_TIMESTAMP${precision}`] : [],
    ]
    : [
      `AS (${filled(generated.expression, generated.from)})`,
      generated.stored ? "STORED" : "VIRTUAL",
    ];
  // MySQL wants what belongs to the type before NULL, and NULL before all else.
  const isNull = type.endsWith(" NULL") && column.notNull;
  const bare = isNull || generated !== null ? type.replace(/ NULL$/, "") : type;
  return [`${quote(column.name)} ${bare}${charset}`, ...value, ...end].join(" ");
}

function filled(expression: string, column: string): string {
  return expression.replaceAll("$", () => quote(column));
}

function indexText(table: Table, index: Index, words: Vocabulary): string {
  const parts = index.parts.map(({ column, expression, descending }) => {
    const direction = descending ? " DESC" : "";
    if (expression !== null) return `(${filled(expression, column)})${direction}`;
    const found = table.columns.find(({ name }) => name === column);
    const isCut = found !== undefined && (isLong(found) || found.type === "varchar(300)") &&
      index.kind !== "FULLTEXT" && index.using !== "HASH";
    return `${quote(column)}${isCut ? "(8)" : ""}${direction}`;
  });
  return [
    `${index.kind} KEY ${quote(index.name)} (${parts.join(", ")})`.trim(),
    ...index.using === null ? [] : [`USING ${index.using}`],
    ...index.parser === null ? [] : [`WITH PARSER ${index.parser}`],
    ...index.comment === null ? [] : [`COMMENT ${literal(index.comment)}`],
    ...index.hidden ? [words.hiddenIndex] : [],
  ].join(" ");
}

function partitionText(partitioning: Partitioning, words: Vocabulary): string {
  const { method, parts, rest, subpartitions } = partitioning;
  if (method === "SYSTEM_TIME") {
    const past = parts.map((part) => `PARTITION p${part} HISTORY`);
    return ` PARTITION BY SYSTEM_TIME LIMIT 1000 (${
      [...past, "PARTITION now CURRENT"].join(", ")
    })`;
  }
  const by = ` PARTITION BY ${method} (id)`;
  if (!/RANGE|LIST/.test(method)) return `${by} PARTITIONS ${parts.length}`;
  const below = subpartitions > 0
    ? ` SUBPARTITION BY HASH (id) SUBPARTITIONS ${subpartitions}`
    : "";
  const listed = parts.map((part) =>
    method === "LIST"
      ? `PARTITION p${part} VALUES IN (${part}, ${part + 1})`
      : `PARTITION p${part} VALUES LESS THAN (${part})`
  );
  const others = method === "RANGE COLUMNS"
    ? ["PARTITION others VALUES LESS THAN (MAXVALUE)"]
    : method === "RANGE"
    ? ["PARTITION others VALUES LESS THAN MAXVALUE"]
    : words.isMariadb
    ? ["PARTITION others DEFAULT"]
    : [];
  return `${by}${below} (${[...listed, ...rest ? others : []].join(", ")})`;
}

function foreignKeyText(
  { name: table }: Table,
  { name, column, table: target, action }: ForeignKey,
): string {
  const constraint = name === null ? "" : `CONSTRAINT ${quote(name)} `;
  return `ALTER TABLE ${quote(table)} ADD ${constraint}FOREIGN KEY (${quote(column)}) REFERENCES ${
    quote(target)
  } (id)${action}`;
}

function routineText({ kind, name, value, type, attributes, reads }: Routine): string {
  const how = attributes.join(" ");
  const count = reads === null ? "" : `SELECT count(*) + ${value} FROM ${quote(reads)}`;
  if (kind === "FUNCTION") {
    return `CREATE FUNCTION ${quote(name)}(a int) RETURNS ${type} ${how} RETURN ${
      reads === null ? `a + ${value}` : `(${count})`
    }`;
  }
  return `CREATE PROCEDURE ${quote(name)}(IN a int, OUT b ${type}) ${how} ${
    reads === null
      ? `SET b = a + ${value}`
      : `BEGIN DECLARE n int; SET n = (${count}); SET b = n; END`
  }`;
}

function viewText(view: View): string {
  const columns = view.parts.flatMap(({ columns }, at) =>
    columns.map((name) => ({ from: `p${at}.${quote(name)}`, name: quote(`${name}_${at}`) }))
  );
  const from = view.parts.map((part, at) => `${quote(part.from)} p${at}`).join(" JOIN ");
  const output = [
    ...columns.map(({ from, name }) => `${from} AS ${name}`),
    ...view.calls === null || view.grouped ? [] : [`${quote(view.calls)}(1) AS called`],
    ...view.grouped ? ["count(*) AS n"] : [],
  ];
  return [
    "CREATE",
    ...view.algorithm === null ? [] : [`ALGORITHM=${view.algorithm}`],
    ...view.invoker ? ["SQL SECURITY INVOKER"] : [],
    `VIEW ${quote(view.name)} AS SELECT ${output.join(", ")} FROM ${from}`,
    ...view.where === null
      ? []
      : [`WHERE ${view.where.replaceAll("$", () => columns[0]?.from ?? "1")}`],
    ...view.grouped ? [`GROUP BY ${columns.map(({ from }) => from).join(", ")}`] : [],
    ...view.check === null ? [] : [`WITH ${view.check} CHECK OPTION`],
  ].join(" ");
}

function triggerText({ name, table, timing, event, column, value, reads }: Trigger): string {
  const head = `CREATE TRIGGER ${quote(name)} ${timing} ${event} ON ${quote(table)} FOR EACH ROW`;
  if (reads !== null) {
    return `${head} BEGIN DECLARE n int; SELECT count(*) INTO n FROM ${
      quote(reads)
    }; SET @n = n + ${value}; END`;
  }
  if (timing === "BEFORE" && event !== "DELETE") {
    return `${head} SET NEW.${quote(column)} = coalesce(NEW.${quote(column)}, ${value})`;
  }
  return `${head} SET @n = ${event === "INSERT" ? "NEW" : "OLD"}.${quote(column)}`;
}
