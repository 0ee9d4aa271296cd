/** How rows get from a database of one dialect into a converted one: the scripts, in the order in which they run. */

import {
  checkQuery,
  copiedTables,
  type Copy,
  exportQuery,
  misfitCondition,
  orphanCondition,
  tableSql,
} from "../../engines/convert/data.ts";
import type { Converting } from "../../engines/convert/converting.ts";
import type { NeutralSchema } from "../../engines/convert/neutral.ts";
import type { SourceFile } from "../../formats/format.ts";

/** Between what rows are copied. */
export interface CopyInput {
  readonly from: Converting;
  readonly to: Converting;
  /** As the source has it. */
  readonly source: NeutralSchema;
  /** As the target has it. */
  readonly target: NeutralSchema;
}

/** The files of a plan. */
export function dataPlan(input: CopyInput): readonly SourceFile[] {
  const { from, to, source, target } = input;
  const copy: Copy = { from: from.data, to: to.data };
  const tables = copiedTables(source, target);
  const script = (statements: readonly string[], side: Converting) =>
    statements.map((statement) => `${side.terminated(statement)}\n`).join("");
  const misfits = tables.flatMap((table) => {
    const condition = misfitCondition(table, copy);
    return condition === null
      ? []
      : [from.data.countWhere(table.source.name, tableSql(table.source, from.data), condition)];
  });
  const orphans = tables.flatMap((table) =>
    table.target.foreignKeys.flatMap((key) => {
      const parent = target.tables.find(({ name }) => name === key.table);
      if (parent === undefined) return [];
      const condition = orphanCondition(key, parent, to.data);
      return [to.data.countWhere(table.target.name, tableSql(table.target, to.data), condition)];
    })
  );
  const checks = (side: "source" | "target") =>
    tables.map((table) => checkQuery(table, side, copy));
  return [
    { path: "README.md", text: readme(input) },
    { path: "1_misfits.sql", text: script([...from.data.reading, ...misfits], from) },
    {
      path: "2_export.sql",
      text: script(
        [...from.data.reading, ...tables.map((table) => exportQuery(table, copy))],
        from,
      ),
    },
    { path: "3_before.sql", text: script(to.data.before(target), to) },
    { path: "4_after.sql", text: script(to.data.after(target), to) },
    { path: "5_check_source.sql", text: script([...from.data.reading, ...checks("source")], from) },
    { path: "5_check_target.sql", text: script([...to.data.reading, ...checks("target")], to) },
    { path: "6_orphans.sql", text: script(orphans, to) },
  ];
}

function readme({ from, to, source, target }: CopyInput): string {
  const there = to.data.client.read("5_check_target.sql").replace("$SOURCE", "$TARGET");
  const orphans = to.data.client.read("6_orphans.sql").replace("$SOURCE", "$TARGET");
  const order = copiedTables(source, target).map((table) => table.source.name);
  return [
    "# Copying the rows",
    "",
    "The target holds the converted schema and no rows; nothing writes to the source meanwhile.",
    "`$SOURCE` and `$TARGET` are the databases as their clients take them.",
    "",
    "```sh",
    "# Rows that the target does not take, by table: mend them, or nothing below goes through.",
    from.data.client.read("1_misfits.sql"),
    "# The rows as statements of the target, a line for each.",
    `${from.data.client.read("2_export.sql")} > rows.sql`,
    "# Keys and triggers are off while the rows are written; then they are back, and numbers go on behind those that are there.",
    `cat 3_before.sql rows.sql 4_after.sql | ${to.data.client.run}`,
    "# Counts and sums of both sides, a row for each column: they must be the same.",
    `${from.data.client.read("5_check_source.sql")} > source.txt`,
    `${there} > target.txt`,
    "diff source.txt target.txt",
    "# Rows that refer to none, by table: 0 each.",
    orphans,
    "```",
    "",
    "`value_sum` is, of whole numbers and decimals, the sum of what is left of each by 1000003; of floating",
    "point numbers the sum without their fractions; of texts and binaries their length; of days their digits.",
    "It is 0 for what dialects write in different ways (JSON, times, intervals), and where the type is",
    "of another kind on the other side.",
    "",
    "The order, what is referred to first:",
    "",
    ...order.map((name) => `- ${name}`),
    "",
  ].join("\n");
}
