/** Changes of books as SQL. */

import type { BookEdit, BookValues } from "../../core/book_edit.ts";

/** How a dialect writes the parts. */
export interface EditWords {
  ident(name: string): string;
  value(value: BookValues[string]): string;
  /** Of hexadecimal digits. */
  bytes(hex: string): string;
  /** The operator that compares, where a bare one may be somebody else's; `=` when absent. */
  readonly equals?: string;
}

/** The statement; `table` is SQL already. */
export function editSql(table: string, edit: BookEdit, words: EditWords): string {
  const { ident, value } = words;
  const where = (values: BookValues) => {
    const tests = Object.entries(values).map(([name, one]) =>
      one === null
        ? `${ident(name)} IS NULL`
        : `${ident(name)} ${words.equals ?? "="} ${value(one)}`
    );
    return tests.length === 0 ? "" : ` WHERE ${tests.join(" AND ")}`;
  };
  switch (edit.edit) {
    case "insert": {
      const row = [
        ...Object.entries(edit.values).map(([name, one]) => [name, value(one)] as const),
        ...Object.entries(edit.bytes ?? {}).map(([name, hex]) => [name, words.bytes(hex)] as const),
      ];
      return `INSERT INTO ${table} (${row.map(([name]) => ident(name)).join(", ")}) VALUES (${
        row.map(([, text]) => text).join(", ")
      })`;
    }
    case "update": {
      const sets = Object.entries(edit.values).map(([name, one]) =>
        `${ident(name)} = ${value(one)}`
      );
      return `UPDATE ${table} SET ${sets.join(", ")}${where(edit.where)}`;
    }
    case "delete":
      return `DELETE FROM ${table}${where(edit.where)}`;
  }
}
