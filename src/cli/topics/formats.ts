/** `aim help formats`. */

import { FORMATS } from "../../formats/all.ts";

/** The topic as Markdown. */
export function formatsText(): string {
  const line = ({ name, title }: { name: string; title: string }) => `- \`${name}\`: ${title}`;
  const both = FORMATS.filter((format) => format.writes);
  const read = FORMATS.filter((format) => !format.writes);
  return [
    "# Formats",
    "The format is the migration runner of your team, set by `format` in `aim.toml` or by `--format`. Files are read and written as the runner itself does; the next version follows the convention that the folder already has.",
    "Read and written:",
    both.map(line).join("\n"),
    ...(read.length === 0 ? [] : ["Only read:", read.map(line).join("\n")]),
    "Of runners whose migrations are programs (Alembic, Django, Rails, Knex, Sequelize, TypeORM, MikroORM) those are read that only hand texts to the server; no code is run.",
    "Migrations that only their runner can run (other code, templates) are named and refused, never skipped; so is what the runner itself would refuse: two files of one version, psql's commands outside of sqitch, a statement that cannot stand in the transaction that the file gets.",
  ].join("\n\n") + "\n";
}
