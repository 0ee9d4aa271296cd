/** Uses in strings that are no statements: names of columns and tables, and pieces of SQL. */

import { firstFrom } from "./around.ts";
import { enclosingEntity } from "./enclosing.ts";
import type { Literal } from "./literals.ts";
import { type CodeText, isEntity, isMeant, lastPart, type Model } from "./models.ts";
import { isFragment, namesWord } from "./queries.ts";
import { plainPattern, spellingKey, wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";
import { useAt } from "./use_at.ts";
import type { Use } from "./use.ts";

/** Uses in a string that is no statement. */
export function stringUses(
  code: CodeText,
  literal: Literal,
  names: Names,
  { models, at }: {
    /** The file's own. */
    readonly models: readonly Model[];
    readonly at: (offset: number) => number;
  },
): readonly Use[] {
  const { target, columns, columnKey } = names;
  if (target.change !== "drop" && target.change !== "rename") return [];
  const { value } = literal;
  if (NO_USE.test(value)) return [];
  const use = (
    offset: number,
    why: string,
  ) => [useAt(code, at(offset), { names, via: "code", why })];
  if (target.column === null) {
    if (lastPart(value) === target.table && isTableText(code, literal, target.table)) {
      return use(0, `a text is the table's name`);
    }
    const place = tableClause(value, target.table);
    return place === null ? [] : use(place, `a piece of SQL names ${target.table}`);
  }
  const { column } = target;
  const spelled = [...columns].find((name) => holds(value, name)) ??
    (spellingKey(value) === columnKey ? value : undefined);
  if (spelled === undefined) return [];
  const offset = value.search(
    new RegExp(`(?<![A-Za-z0-9])${plainPattern(spelled)}(?![A-Za-z0-9])`),
  );
  const isInside = models.some(({ start, end }) => literal.start >= start && literal.start < end);
  if (isInside && value === column) {
    return use(offset, `a model of ${target.table} names ${column}`);
  }
  if (names.isTelling) return use(offset, `a text names ${spelled}`);
  if (isFragment(value) && namesWord(value, spelled) && entityWord(value, names)) {
    return use(offset, `a piece of SQL names ${target.table} and ${spelled}`);
  }
  if (value !== spelled) return [];
  const own = enclosingEntity(
    code,
    firstFrom(code.tokens, literal.start),
    (word) => isMeant(word, names.tableKeys, names.otherKeys),
  );
  return own === null ? [] : use(offset, `${own} is given ${spelled}`);
}

/** Definitions of tables, which are history, and keys of translations: `form.user.full_name`. */
const NO_USE = /^\s*(?:create|alter|drop)\s+table\b|^[\w-]+(?:\.[\w-]+){2,}$/i;

/** Whether a text is meant as a table: by its own words, or by what it is given to. */
function isTableText({ text }: CodeText, { start }: Literal, table: string): boolean {
  if (wordsIn(table).length > 1) return true;
  return /(?:table|from|into|join|entity|model|collection|knex|db)\w*\W{0,3}$/i.test(
    text.slice(Math.max(0, start - 40), start),
  );
}

/** Where a piece of SQL names a table as one; null where it does not. */
function tableClause(value: string, table: string): number | null {
  const clause = new RegExp(
    `\\b(?:from|join|into|update|only|references)\\s+["\`[]?(?:\\w+["\`\\]]?\\.["\`[]?)?(?=${
      plainPattern(table)
    }\\b)`,
    "i",
  ).exec(value);
  return clause === null ? null : clause.index + clause[0].length;
}

function entityWord(value: string, { tableKeys }: Names): boolean {
  return (value.match(/\w+/g) ?? []).some((word) => isEntity(word, tableKeys));
}

function holds(value: string, name: string): boolean {
  return value.includes(name) &&
    new RegExp(`(?<![A-Za-z0-9])${plainPattern(name)}(?![A-Za-z0-9])`).test(value);
}
