/** A draft that says what rows showed: losses that the wanted change implies, and new rows on which DOWN fails. */

import type { Draft } from "../../core/plan.ts";
import type { NewDataVerdict, Proof, RowFinding, RowsProof } from "../../core/proof.ts";
import { keyOf } from "../scratch/rows/intent.ts";
import { sameSql } from "../scratch/rows/said.ts";
import type { PlannedStatement } from "../../core/statement.ts";

/** The draft with all that rows showed and that it did not say; the same draft where that is nothing, or where saying it is not enough. */
export function sayingRows(draft: Draft, { rows }: Proof): Draft {
  if (rows === undefined) return draft;
  return withFailures(withLosses(draft, rows), rows);
}

function withLosses(draft: Draft, { lost, altered, refused, checks }: RowsProof): Draft {
  const findings = [...lost, ...altered];
  if (findings.length === 0 || refused.length + checks.length > 0) return draft;
  const places = findings.map((finding) => finding.implied ? placeOf(draft, finding) : -1);
  if (places.includes(-1)) return draft;
  const up = draft.up.map((statement, at): PlannedStatement => {
    const own = findings.filter((_, index) => places[index] === at).map(lossText);
    if (own.length === 0) return statement;
    const told = statement.destroys === undefined ? [] : [statement.destroys];
    const destroys = [...new Set([...told, ...own])].join(", ");
    return { ...statement, destroys, reversible: "structure" };
  });
  const notes = findings.map((finding) => `DOWN cannot bring back ${lossText(finding)}`);
  return {
    ...draft,
    up,
    reversible: "structure",
    notes: [...new Set([...draft.notes, ...notes])],
  };
}

/** The statement of UP that does it: the one that was seen to, or the one that serves the column or the table. */
function placeOf({ up }: Draft, { statement, table, column }: RowFinding): number {
  const seen = up.findIndex(({ sql }) => statement !== null && sameSql(sql, statement.sql));
  if (seen >= 0) return seen;
  const names = [`column:${table}.${column}`, `table:${table}`];
  const serving = up.findLastIndex(({ serves }) => serves.some((id) => names.includes(id)));
  return serving >= 0 ? serving : up.findLastIndex(({ sql }) => sql.includes(column ?? table));
}

/** `the exact values of column public.t.price: 1.239 becomes 1.24`, short enough for a comment. */
function lossText({ key, text, table, column, before, after }: RowFinding): string {
  if (key.startsWith("loss ") || column === null) return text;
  const what = `values of column ${table}.${column}`;
  return before === null ? what : `${what} as they were: ${short(before)} becomes ${short(after)}`;
}

function short(value: string | null): string {
  const plain = (value ?? "NULL").replaceAll(/[\s;]+/g, " ");
  return plain.length <= 40 ? plain : `${plain.slice(0, 40)}…`;
}

/** Says on what DOWN fails, where nothing is said of that table yet. */
function withFailures(draft: Draft, { newData }: RowsProof): Draft {
  const fresh = newData.filter(({ isTold }) => !isTold);
  if (fresh.length === 0) return draft;
  const words = [...new Set(fresh.map(failureText))];
  const at = Math.max(0, placeOfData(draft, fresh[0]));
  const up = draft.up.map((statement, index): PlannedStatement =>
    index !== at ? statement : {
      ...statement,
      failsOn: [...statement.failsOn === undefined ? [] : [statement.failsOn], ...words].join(", "),
    }
  );
  const isExact = draft.reversible === "exact" || draft.reversible === "column-order";
  return {
    ...draft,
    up,
    reversible: isExact ? "fails-on-new-data" : draft.reversible,
    notes: [
      ...new Set([...draft.notes, ...words.map((text) => `DOWN fails on new data: ${text}`)]),
    ],
  };
}

function placeOfData({ up }: Draft, data: NewDataVerdict | undefined): number {
  const id = data?.column ?? "";
  const serving = up.findLastIndex(({ serves }) =>
    serves.some((one) => one === id || one === `table:${data?.table}`)
  );
  return serving >= 0 ? serving : up.length - 1;
}

/** `'gone' in public.job.state`. */
function failureText({ table, column, value, fate }: NewDataVerdict): string {
  const place = column === null ? table : `${table}.${keyOf(column)}`;
  const text = `${short(value)} in ${place}`;
  return fate === "lost" ? `${text}, which it does not keep` : text;
}
