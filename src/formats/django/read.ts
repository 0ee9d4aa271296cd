/** Reading Django's migrations: those whose operations are `RunSQL`. */

import { closingOf, type CodeToken, isAt } from "../code_tokens.ts";
import { codeScript, type CodeStatement, joinedScripts } from "../code_script.ts";
import type { History, Migration, ReadOptions, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { withScripts } from "../programs.ts";
import { argumentsOf, textsOf, withoutComma } from "../python_body.ts";
import { unmarked } from "../transaction_mode.ts";
import { type DjangoMigration, inOrder } from "./migration.ts";

/** The migrations of one app, each behind those it depends on. Throws UsageError for operations that aim would have to run, with their place. */
export function parseDjango(files: readonly SourceFile[], options: ReadOptions): History {
  const { dialect } = options;
  const { ordered, leaves } = inOrder(files);
  const migrations = ordered.map((one): Migration => {
    const { file, name } = one;
    const script = (statements: readonly CodeStatement[]) =>
      codeScript(statements, {
        file,
        runner: "django",
        dialect,
        transaction: one.atomic ? unmarked("django", dialect) : "none",
      });
    const [, version = name, rest = name] = /^(\d+)_(.*)$/.exec(name) ?? [];
    return withScripts({ version, name: rest, files: [file.path] }, options, () => {
      const operations = operationsOf(one);
      const backs = operations.toReversed().map(({ back }) => back);
      const isBack = backs.every((back) => back !== null) && backs.some((back) => back.length > 0);
      return {
        up: script(operations.flatMap(({ forth }) => forth)),
        down: isBack ? joinedScripts(backs.filter((back) => back.length > 0).map(script)) : null,
      };
    });
  });
  const notes = leaves.length > 1
    ? [`${leaves.length} migrations are leaves (${leaves.join(", ")}): Django wants them merged`]
    : [];
  return { migrations, notes };
}

interface Operation {
  readonly forth: readonly CodeStatement[];
  /** Null where it cannot be taken back. */
  readonly back: readonly CodeStatement[] | null;
}

function operationsOf(one: DjangoMigration): readonly Operation[] {
  const { tokens, operations: open } = one;
  if (open < 0) return [];
  const close = closingOf(tokens, open);
  if (!isAt(tokens, open, ["["]) || close < 0) {
    throw refusedAt(one, tokens[open], "its operations are no list");
  }
  return listItems(tokens.slice(open + 1, close)).flatMap((item) => readOperation(one, item));
}

function readOperation(one: DjangoMigration, item: readonly CodeToken[]): readonly Operation[] {
  const name = item.slice(isAt(item, 0, ["migrations", "."]) ? 2 : 0);
  const read = argumentsOf(name.slice(1));
  const isKnown = isAt(name, 0, ["RunSQL", "("]) ||
    isAt(name, 0, ["SeparateDatabaseAndState", "("]);
  if (!isKnown || read === null) {
    throw refusedAt(one, item[0], `${shown(item)} is an operation on models`);
  }
  const { positional, named } = read;
  if (isAt(name, 0, ["SeparateDatabaseAndState"])) {
    const list = named.get("database_operations") ?? positional[0] ?? [];
    if (isAt(list, 0, ["None"])) return [];
    return listItems(list.slice(1, -1)).flatMap((inner) => readOperation(one, inner));
  }
  const forth = statementsIn(one, named.get("sql") ?? positional[0] ?? []);
  const reverse = named.get("reverse_sql") ?? positional[1] ?? null;
  const isNone = reverse === null || isAt(reverse, 0, ["None"]);
  return [{ forth, back: isNone ? null : statementsIn(one, reverse) }];
}

/** A text, a list of texts, of pairs of a text and no parameters, or `RunSQL.noop`. */
function statementsIn(
  one: DjangoMigration,
  tokens: readonly CodeToken[],
): readonly CodeStatement[] {
  if (tokens.at(-1)?.text === "noop") return [];
  const literals = textsOf(tokens);
  if (literals !== null) {
    return literals.every(({ text }) => text === "") ? [] : [{ literals, isApart: false }];
  }
  const isList = isAt(tokens, 0, ["["]) || isAt(tokens, 0, ["("]);
  if (!isList || closingOf(tokens, 0) !== tokens.length - 1) {
    throw refusedAt(one, tokens[0], "its SQL is no text");
  }
  return listItems(tokens.slice(1, -1)).map((item) => {
    const parts = isAt(item, 0, ["("]) ? listItems(item.slice(1, -1)) : [item];
    const [sql = [], parameters] = parts;
    const found = textsOf(sql);
    if (found === null || parameters !== undefined && !isAt(parameters, 0, ["None"])) {
      throw refusedAt(one, item[0], "its SQL is no text, or has parameters");
    }
    return { literals: found, isApart: false };
  });
}

/** What stands between the commas of a list. */
function listItems(tokens: readonly CodeToken[]): readonly (readonly CodeToken[])[] {
  const out: CodeToken[][] = [];
  let depth = 0;
  for (const token of withoutComma(tokens)) {
    const isSign = token.kind === "sign";
    if (out.length === 0) out.push([]);
    if (isSign && depth === 0 && token.text === ",") {
      out.push([]);
      continue;
    }
    out.at(-1)?.push(token);
    if (isSign && "([{".includes(token.text)) depth++;
    else if (isSign && ")]}".includes(token.text)) depth--;
  }
  return out;
}

function shown(item: readonly CodeToken[]): string {
  const end = item.findIndex(({ kind, text }) => kind === "sign" && text === "(");
  return item.slice(0, end < 0 ? 1 : end).map(({ text }) => text).join("").slice(0, 60);
}

function refusedAt({ file }: DjangoMigration, token: CodeToken | undefined, why: string) {
  return refusal(
    `Cannot read "${file.path}": ${why}`,
    file,
    token?.start ?? 0,
    "aim runs no code: it reads migrations.RunSQL with texts; squash the history up to this migration, or write it as RunSQL with state_operations",
  );
}
