/** What a migration that is a program may hand to the server, as far as its texts tell: for knowing beforehand what the server must have. */

import { type CodeLanguage, codeTokens } from "./code_tokens.ts";
import type { SourceFile } from "./format.ts";
import { JAVASCRIPT } from "./javascript_code.ts";
import { PYTHON } from "./python_code.ts";
import { ruby } from "./ruby_code.ts";

/** Extensions that Django has operations of their own for. */
const OPERATIONS: Readonly<Record<string, string>> = {
  BloomExtension: "bloom",
  BtreeGinExtension: "btree_gin",
  BtreeGistExtension: "btree_gist",
  CITextExtension: "citext",
  CryptoExtension: "pgcrypto",
  HStoreExtension: "hstore",
  TrigramExtension: "pg_trgm",
  UnaccentExtension: "unaccent",
};

/** Calls of Django and Rails whose first text names one. */
const CALLS = new Set(["CreateExtension", "enable_extension"]);

/** The texts of a program, and statements in place of calls that make an extension; of any other file its text. */
export function programTexts({ path, text }: SourceFile): readonly string[] {
  const language = languageOf(path);
  if (language === null || !/extension/i.test(text)) return language === null ? [text] : [];
  const tokens = codeTokens(text, language);
  return tokens.flatMap((token, at) => {
    if (token.kind === "string") return [token.text];
    const name = OPERATIONS[token.text] ??
      (CALLS.has(token.text)
        ? tokens.slice(at + 1, at + 5).find(({ kind }) => kind === "string")?.text
        : undefined);
    return name === undefined ? [] : [`CREATE EXTENSION "${name.replaceAll('"', '""')}"`];
  });
}

function languageOf(path: string): CodeLanguage | null {
  if (path.endsWith(".py")) return PYTHON;
  if (path.endsWith(".rb")) return ruby();
  return /\.[cm]?[jt]s$/.test(path) ? JAVASCRIPT : null;
}
