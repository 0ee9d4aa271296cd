/** What `-- +goose ...` lines say, read as goose's own parser reads them. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { isOnlyComments } from "../../sql/ranges.ts";
import type { Script, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { fillVariables } from "./variables.ts";
import { blank, GO_BLANK, lines, outside, type Range, trimSpace } from "../script.ts";

/** A line that goose takes for its own. */
export interface Annotation extends Range {
  /** In lower case, known or not: `up`, `statementbegin`, `no transaction`. */
  readonly word: string;
}

type State = "start" | "up" | "up-block" | "down" | "down-block";

/** Where each state leads on a word; no entry where goose refuses the word. */
const NEXT: Readonly<Record<string, Readonly<Partial<Record<State, State>>>>> = {
  "up": { start: "up" },
  "down": { up: "down" },
  "statementbegin": { up: "up-block", down: "down-block" },
  "statementend": { "up-block": "up", "down-block": "down" },
};

/** Words that change no state. */
const SETTINGS: readonly string[] = ["no transaction", "envsub on", "envsub off"];

/** All annotation lines of a file. */
export function annotations(file: SourceFile): readonly Annotation[] {
  return lines(file.text).flatMap((line) => {
    if (!trimSpace(line.text).startsWith("--") || !line.text.includes("+goose")) return [];
    const word = trimSpace(line.text.replaceAll("--", "").replace("+goose", "")).toLowerCase();
    return [{ start: line.start, end: line.end, word }];
  });
}

/** Both directions of a file. Throws UsageError where goose itself would refuse it, and for variables without a value. */
export function gooseSections(
  source: SourceFile,
  lexicon: Lexicon,
  variables: Readonly<Record<string, string>> = {},
): { readonly up: Script; readonly down: Script | null } {
  refuseStray(source, annotations(source));
  const { text, edits } = fillVariables(source, annotations(source), variables);
  const file = { path: source.path, text };
  const own = annotations(file);
  const pieces = piecesOf(file, own);
  const script = (direction: "up" | "down"): Script => {
    const ours = pieces.filter(({ state }) => state.startsWith(direction));
    refuseUnfinished(file, ours);
    const blocks = ours.filter(({ state }) => state.endsWith("block"))
      .filter(({ start, end }) => !isOnlyComments(file.text.slice(start, end), lexicon))
      .map(({ start, end }) => ({ start, end }));
    return {
      file: file.path,
      text: blank(file.text, outside(ours, file.text.length)),
      transaction: own.some(({ word }) => word === "no transaction") ? "none" : "one",
      ...(blocks.length === 0 ? {} : { blocks }),
      ...(edits.length === 0 ? {} : { edits }),
    };
  };
  return {
    up: script("up"),
    down: own.some(({ word }) => word === "down") ? script("down") : null,
  };
}

/** The text between two annotations, with what it belongs to. */
interface Piece extends Range {
  readonly state: State;
}

/** The pieces in order. Throws UsageError for an annotation that is unknown or out of place. */
function piecesOf(file: SourceFile, own: readonly Annotation[]): readonly Piece[] {
  const out: Piece[] = [];
  let state: State = "start";
  let from = 0;
  for (const mark of own) {
    out.push({ state, start: from, end: mark.start });
    from = mark.end;
    if (!file.text.startsWith("--", mark.start)) {
      throw misplaced(file, mark, "stands indented; goose wants it at the line's start");
    }
    if (SETTINGS.includes(mark.word)) continue;
    const next: State | undefined = NEXT[mark.word]?.[state];
    if (next === undefined) {
      throw misplaced(file, mark, mark.word in NEXT ? "is out of place" : "is no annotation");
    }
    state = next;
  }
  out.push({ state, start: from, end: file.text.length });
  if (state === "start") {
    throw refusal(
      `Cannot read "${file.path}": it has no "-- +goose Up"`,
      file,
      0,
      "goose runs nothing without it",
    );
  }
  if (state.endsWith("block")) {
    throw refusal(
      `Cannot read "${file.path}": a "-- +goose StatementBegin" has no end`,
      file,
      own.findLast((mark) => mark.word === "statementbegin")?.start ?? 0,
      'Add "-- +goose StatementEnd" after the statement',
    );
  }
  return out;
}

function misplaced(file: SourceFile, mark: Annotation, why: string): Error {
  const text = file.text.slice(mark.start, mark.end).trim();
  return refusal(
    `Cannot read "${file.path}": "${text}" ${why}`,
    file,
    mark.start,
    "goose knows Up, then Down, StatementBegin and StatementEnd in pairs, NO TRANSACTION, ENVSUB ON and ENVSUB OFF",
  );
}

/** SQL before the first section, which goose refuses. */
function refuseStray(file: SourceFile, own: readonly Annotation[]): void {
  const first = own.find((mark) => mark.word === "up");
  if (first === undefined) return;
  const inner = own.map(({ start }) => start);
  for (const line of lines(file.text.slice(0, first.start))) {
    if (inner.includes(line.start) || trimSpace(line.text) === "") continue;
    if (trimSpace(line.text).startsWith("--")) continue;
    throw refusal(
      `Cannot read "${file.path}": SQL stands before "-- +goose Up"`,
      file,
      line.start,
      "goose refuses it; move it below the annotation",
    );
  }
}

/** A statement without a semicolon at its end, which goose refuses. */
function refuseUnfinished(file: SourceFile, pieces: readonly Piece[]): void {
  let open: number | null = null;
  for (const piece of pieces) {
    if (piece.state.endsWith("block")) {
      open = null;
      continue;
    }
    for (const line of lines(file.text.slice(piece.start, piece.end))) {
      if (open === null && (line.text === "" || trimSpace(line.text).startsWith("--"))) continue;
      if (endsStatement(line.text)) open = null;
      else if (trimSpace(line.text) !== "") open ??= piece.start + line.start;
    }
  }
  if (open === null) return;
  throw refusal(
    `Cannot read "${file.path}": a statement has no semicolon at the end of a line`,
    file,
    open,
    "goose ends a statement at a line that ends in a semicolon; add one, or put the statement between StatementBegin and StatementEnd",
  );
}

/** True for a line after which goose sends what it has: its last word before a comment ends in a semicolon. */
export function endsStatement(line: string): boolean {
  let last = "";
  for (const word of line.split(GO_BLANK)) {
    if (word === "") continue;
    if (word.startsWith("--")) break;
    last = word;
  }
  return last.endsWith(";");
}
