/** Lines of a program in JavaScript that hands statements to the server, one a call. */

import type { CalledStatement } from "./code_statements.ts";
import { javascriptLiteral } from "./javascript_code.ts";

/** The calls, each under its comments; `call` gives the line of one from its literal. */
export function javascriptCalls(
  statements: readonly CalledStatement[],
  { indent, call }: { readonly indent: string; readonly call: (literal: string) => string },
): string {
  return statements.map(({ comments, sql }) =>
    [
      ...comments.map((line) => `${indent}// ${line}\n`),
      `${indent}${call(javascriptLiteral(sql))}\n`,
    ].join("")
  ).join("");
}

/** Comment lines at the margin, an empty line behind them. */
export function javascriptHeader(lines: readonly string[]): string {
  const text = lines.map((line) => `// ${line}`.trimEnd() + "\n").join("");
  return text === "" ? "" : `${text}\n`;
}

/** `add_email` as `AddEmail`. */
export function pascalCase(name: string): string {
  return name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** The extension that a folder's migrations have, the last one's; `otherwise` in an empty one. */
export function extensionOf(paths: readonly string[], otherwise: string): string {
  return /\.([cm]?[jt]s)$/.exec(paths.at(-1) ?? "")?.[1] ?? otherwise;
}
