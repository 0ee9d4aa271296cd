/** The statements that stand in a DO block as they are, or as a constant behind EXECUTE. */

import type { Tree } from "../../../parsers/postgres.ts";
import { list, record } from "../../../parsers/postgres_tree.ts";
import { codeTokens } from "../code_tokens.ts";

/** The code of a DoStmt; empty where it is in another language than PL/pgSQL. */
export function bodyOf(tree: Tree): string {
  const options = list(tree.args).map((item) => record(record(item).DefElem));
  const text = (name: string) => {
    const found = options.find(({ defname }) => defname === name);
    return found === undefined ? null : String(record(record(found.arg).String).sval ?? "");
  };
  return (text("language") ?? "plpgsql").toLowerCase() === "plpgsql" ? text("as") ?? "" : "";
}

/** The statements of a body that are SQL of their own, in their order. */
export function statementsIn(body: string): readonly string[] {
  const tokens = codeTokens(body);
  const found: string[] = [];
  let isStart = true;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (isStart && token.isName && (VERBS.has(token.text) || token.text === "EXECUTE")) {
      const end = tokens.findIndex(({ text }, index) => index > at && text === ";");
      const last = end < 0 ? tokens.length : end;
      const [next] = tokens.slice(at + 1);
      if (token.text !== "EXECUTE") {
        found.push(body.slice(token.start, tokens[last - 1]?.end));
      } else if (next?.isString === true && isAlone(tokens[at + 2]?.text)) {
        found.push(constant(body.slice(next.start, next.end)));
      }
      at = last;
      continue;
    }
    isStart = !token.isString && STARTS.has(token.text);
  }
  return found;
}

/** What may stand behind a constant that is all that EXECUTE runs. */
function isAlone(next: string | undefined): boolean {
  return next === undefined || next === ";" || next === "INTO" || next === "USING";
}

/** The text of a constant in quotes or dollars. */
function constant(written: string): string {
  const dollars = /^\$\w*\$/.exec(written)?.[0];
  return dollars === undefined
    ? written.slice(written.indexOf("'") + 1, -1).replaceAll("''", "'")
    : written.slice(dollars.length, -dollars.length);
}

const STARTS = new Set([";", "BEGIN", "THEN", "ELSE", "LOOP", ">>"]);

const VERBS = new Set([
  ...["ALTER", "CREATE", "DROP", "TRUNCATE", "REINDEX", "REFRESH", "CLUSTER", "LOCK"],
  ...["INSERT", "UPDATE", "DELETE"],
]);
