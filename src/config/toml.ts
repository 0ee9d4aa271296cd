/** aim.toml as text: parsed, and the places of its keys found again for error messages. */

import { UsageError } from "../core/error.ts";
import type { Place } from "../core/statement.ts";

/** A parsed aim.toml. */
export interface TomlFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Where a top-level key or table stands, and the line of text there. */
  locate(key: string): { readonly place: Place; readonly source: string } | null;
}

/** Parses a file's text. Throws UsageError with the place when it is not TOML. */
export async function parseToml(path: string, text: string): Promise<TomlFile> {
  const { parse, TomlError } = await import("smol-toml");
  try {
    const values = parse(text);
    return { path, values, locate: (key) => locate(path, text, key) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new UsageError(`Cannot read ${path}: ${reason(error.message)}`, {
      code: "config",
      place: { file: path, line: error.line, column: error.column },
      source: lines(text)[error.line - 1],
      cause: error,
    });
  }
}

/** The parser's message without its own heading and frame. */
function reason(message: string): string {
  const first = message.split("\n")[0] ?? message;
  return first.replace(/^Invalid TOML document:\s*/, "");
}

function locate(path: string, text: string, key: string) {
  const pattern = new RegExp(`^\\s*\\[{0,2}\\s*(["']?)${escape(key)}\\1\\s*[.=\\]]`);
  let open: string | null = null;
  for (const [index, source] of lines(text).entries()) {
    if (open === null && pattern.test(source)) {
      const column = source.indexOf(key) + 1;
      return { place: { file: path, line: index + 1, column }, source };
    }
    open = stringLeftOpen(source, open);
  }
  return null;
}

/** The quotes of a multi-line string that is open at the end of a line. */
function stringLeftOpen(source: string, open: string | null): string | null {
  let state = open;
  for (const [quotes] of source.matchAll(/"""|'''/g)) {
    if (state === null) state = quotes;
    else if (state === quotes) state = null;
  }
  return state;
}

function lines(text: string): readonly string[] {
  return text.split(/\r?\n/);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The last part of a key: `functions` of `sqlite.functions`. */
export function lastPart(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}
