/** What `-- +goose ...` lines say, read as goose's own parser reads them. */

import type { Script, SourceFile } from "./format.ts";
import { refusal } from "./refusal.ts";
import { blank, lines, type Range } from "./script.ts";

/** A line that goose takes for its own. */
export interface Annotation extends Range {
  /** In lower case, known or not: `up`, `statementbegin`, `no transaction`. */
  readonly word: string;
}

type State = "start" | "up" | "up-block" | "down" | "down-block";

/** All annotation lines of a file. */
export function annotations(file: SourceFile): readonly Annotation[] {
  return lines(file.text).flatMap((line) => {
    if (!line.text.trimStart().startsWith("--") || !line.text.includes("+goose")) return [];
    const word = line.text.replaceAll("--", "").replace("+goose", "").trim().toLowerCase();
    return [{ start: line.start, end: line.end, word }];
  });
}

/** Both directions of a file. Throws UsageError where goose itself would refuse it, and for variables of the environment. */
export function gooseSections(
  file: SourceFile,
): { readonly up: Script; readonly down: Script | null } {
  const own = annotations(file);
  let state: State = "start";
  let transaction: Script["transaction"] = "one";
  const sections: { up: Range[]; down: Range[] } = { up: [], down: [] };
  const blocks: { up: Range[]; down: Range[] } = { up: [], down: [] };
  let from = 0;
  let hasDown = false;
  const refuse = (message: string, at: Annotation, hint: string) =>
    refusal(`Cannot read "${file.path}": ${message}`, file, at.start, hint);
  const close = (end: number) => {
    if (state === "up" || state === "up-block") sections.up.push({ start: from, end });
    if (state === "down" || state === "down-block") sections.down.push({ start: from, end });
    from = end;
  };
  for (const mark of own) {
    if (/^[ \t]/.test(file.text.slice(mark.start, mark.end))) {
      throw refuse(
        "a +goose annotation stands indented",
        mark,
        "goose wants it at the line's start",
      );
    }
    close(mark.start);
    switch (mark.word) {
      case "up":
        if (state !== "start") {
          throw refuse('a second "-- +goose Up"', mark, "A file has one Up and one Down");
        }
        state = "up";
        break;
      case "down":
        if (state !== "up") {
          throw refuse(
            '"-- +goose Down" out of place',
            mark,
            'It follows "-- +goose Up", outside StatementBegin and StatementEnd',
          );
        }
        state = "down";
        hasDown = true;
        break;
      case "statementbegin":
        if (state !== "up" && state !== "down") {
          throw refuse('"-- +goose StatementBegin" out of place', mark, "It cannot be nested");
        }
        state = state === "up" ? "up-block" : "down-block";
        break;
      case "statementend":
        if (state !== "up-block" && state !== "down-block") {
          throw refuse(
            '"-- +goose StatementEnd" without its beginning',
            mark,
            'Add "-- +goose StatementBegin" before the statement',
          );
        }
        blocks[state === "up-block" ? "up" : "down"].push({ start: from, end: mark.start });
        state = state === "up-block" ? "up" : "down";
        break;
      case "no transaction":
        transaction = "none";
        break;
      case "envsub on":
      case "envsub off":
        break;
      default:
        throw refuse(
          `"-- +goose ${mark.word}" is no annotation`,
          mark,
          "goose knows Up, Down, StatementBegin, StatementEnd, NO TRANSACTION, ENVSUB ON and ENVSUB OFF",
        );
    }
    from = mark.end;
  }
  close(file.text.length);
  if (state === "start") {
    throw refusal(
      `Cannot read "${file.path}": it has no "-- +goose Up"`,
      file,
      0,
      "goose runs nothing without it",
    );
  }
  if (state === "up-block" || state === "down-block") {
    throw refusal(
      `Cannot read "${file.path}": a "-- +goose StatementBegin" has no end`,
      file,
      own.findLast((mark) => mark.word === "statementbegin")?.start ?? 0,
      'Add "-- +goose StatementEnd" after the statement',
    );
  }
  refuseStray(file, own);
  refuseVariables(file, own);
  refuseUnfinished(file, sections.up, blocks.up);
  refuseUnfinished(file, sections.down, blocks.down);
  const script = (ranges: readonly Range[], inner: readonly Range[]): Script => ({
    file: file.path,
    text: blank(file.text, outside(ranges, file.text.length)),
    transaction,
    ...(inner.length === 0 ? {} : { blocks: inner }),
  });
  return {
    up: script(sections.up, blocks.up),
    down: hasDown ? script(sections.down, blocks.down) : null,
  };
}

/** SQL before the first section, which goose refuses. */
function refuseStray(file: SourceFile, own: readonly Annotation[]): void {
  const first = own.find((mark) => mark.word === "up");
  if (first === undefined) return;
  const inner = own.map(({ start }) => start);
  for (const line of lines(file.text.slice(0, first.start))) {
    if (inner.includes(line.start) || line.text === "" || line.text.trim() === "") continue;
    if (line.text.trimStart().startsWith("--")) continue;
    throw refusal(
      `Cannot read "${file.path}": SQL stands before "-- +goose Up"`,
      file,
      line.start,
      "goose refuses it; move it below the annotation",
    );
  }
}

/** Variables between ENVSUB ON and OFF: their values are those of the machine that runs goose. */
function refuseVariables(file: SourceFile, own: readonly Annotation[]): void {
  let on: number | null = null;
  for (
    const mark of [...own, { start: file.text.length, end: file.text.length, word: "envsub off" }]
  ) {
    if (mark.word === "envsub on") on ??= mark.end;
    if (mark.word !== "envsub off" || on === null) continue;
    const used = /\$(?:\{|\$|[A-Za-z_])|\\\$/.exec(file.text.slice(on, mark.start));
    if (used !== null) {
      throw refusal(
        `Cannot replay "${file.path}": goose fills in variables of the environment here`,
        file,
        on + used.index,
        "Write the value out, or close the part with -- +goose ENVSUB OFF",
      );
    }
    on = null;
  }
}

/** A section's last statement without a semicolon, which goose refuses. */
function refuseUnfinished(
  file: SourceFile,
  section: readonly Range[],
  blocks: readonly Range[],
): void {
  let open: number | null = null;
  for (const range of section) {
    if (blocks.some((block) => block.start === range.start)) {
      open = null;
      continue;
    }
    for (const line of lines(file.text.slice(range.start, range.end))) {
      if (open === null && (line.text === "" || line.text.trimStart().startsWith("--"))) continue;
      if (endsStatement(line.text)) open = null;
      else if (line.text.trim() !== "") open ??= range.start + line.start;
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
  for (const word of line.trim().split(/\s+/)) {
    if (word.startsWith("--")) break;
    last = word;
  }
  return last.endsWith(";");
}

function outside(ranges: readonly Range[], length: number): readonly Range[] {
  const out: Range[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    out.push({ start: at, end: start });
    at = end;
  }
  return [...out, { start: at, end: length }];
}
