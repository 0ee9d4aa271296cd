/** Definitions in the words of their author: what the server prints of them has lost its layout, its comments and what was left to defaults. */

import { lowerAscii, nameOf } from "../../sql/name.ts";
import type { PlannedStatement, Statement } from "../../core/statement.ts";

/**
 * The statement as the last of a script's statements that defines the same object; null where there is none. Whether it gives the same
 * is for the database to say: a later statement may have altered what it defines, or a setting what it means.
 */
export function authoredText(
  { sql }: PlannedStatement,
  script: readonly Statement[],
): string | null {
  const wanted = headOf(sql);
  if (wanted === null) return null;
  const found = script.findLast((statement) => {
    const head = headOf(statement.sql);
    return head !== null && head.kind === wanted.kind && head.name === wanted.name;
  });
  const own = found === undefined ? null : headOf(found.sql);
  return own === null ? null : `${wanted.create}${own.rest}`;
}

interface Head {
  /** `CREATE`, or `CREATE OR REPLACE`. */
  readonly create: string;
  readonly kind: string;
  readonly name: string;
  /** All behind `create`, without IF NOT EXISTS. */
  readonly rest: string;
}

const NAME = String.raw`(?:\`(?:[^\`]|\`\`)*\`|[\w$\u0080-\uffff]+)`;

const HEAD = new RegExp(
  String
    .raw`^(CREATE(?:\s+OR\s+REPLACE)?)((?:\s+(?:ALGORITHM\s*=\s*\w+|DEFINER\s*=\s*\S+|SQL\s+SECURITY\s+\w+|AGGREGATE))*` +
    String
      .raw`\s+(TABLE|VIEW|FUNCTION|PROCEDURE|TRIGGER|EVENT)\s+)(?:IF\s+NOT\s+EXISTS\s+)?(${NAME})(?!\s*\.)`,
  "i",
);

function headOf(sql: string): Head | null {
  const found = HEAD.exec(sql);
  if (found === null) return null;
  const [all, create = "", before = "", kind = "", name = ""] = found;
  return {
    create: create.toUpperCase().replaceAll(/\s+/g, " "),
    kind: kind.toUpperCase(),
    name: lowerAscii(nameOf(name, (bare) => bare)),
    rest: `${before}${name}${sql.slice(all.length)}`,
  };
}
