/** The names under which whole statements of a schema are spoken of: `table users`, `index users_email`, `statement 12`. */

import { type SchemaText, shownName, type StatementText } from "./schema_text.ts";

/** A statement and its label. */
export interface Labelled {
  readonly label: string;
  readonly statement: StatementText;
}

/** All statements with their labels, in their order. No two labels are the same. */
export function labelled({ statements }: SchemaText): readonly Labelled[] {
  const plain = statements.map(({ kind, own }) =>
    own === null || !NAMED.has(kind) ? null : `${kind} ${shownName(own.parts)}`
  );
  return statements.map((statement, at) => {
    const own = plain[at] ?? null;
    const isOnly = own !== null && plain.filter((other) => other === own).length === 1;
    return { label: isOnly ? own : `statement ${at + 1}`, statement };
  });
}

const NAMED = new Set(["table", "index", "view", "trigger"]);

/** The text of a statement as it stands in its file, without the semicolon. */
export function statementText({ files }: SchemaText, { file, start, end }: StatementText): string {
  return files[file]?.text.slice(start, end) ?? "";
}
