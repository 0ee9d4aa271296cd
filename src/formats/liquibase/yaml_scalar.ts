/** The scalars of YAML: quoted ones, blocks, and how their lines are joined. */

import type { LiteralPiece } from "../code_tokens.ts";

/** What a scalar says, and where it ends. */
interface ReadScalar {
  readonly pieces: readonly LiteralPiece[];
  readonly end: number;
}

type Line = Pick<LiteralPiece, "start" | "end">;

/** Lines of a plain scalar as one text: a break is a blank, and each empty line a break. */
export function folded(text: string, lines: readonly Line[]): readonly LiteralPiece[] {
  return lines.flatMap((line, index) => {
    const before = lines[index - 1];
    const piece = { ...line, value: text.slice(line.start, line.end) };
    if (before === undefined) return [piece];
    return [joint(text, before.end, line.start), piece];
  });
}

/** What the break between two lines stands for. */
function joint(text: string, start: number, end: number): LiteralPiece {
  const breaks = text.slice(start, end).split("\n").length - 1;
  return { start, end, value: breaks < 2 ? " " : "\n".repeat(breaks - 1) };
}

/** A text in single quotes; null where it has no end. */
export function singleQuoted(text: string, at: number): ReadScalar | null {
  return quoted(
    text,
    at,
    (here) => text.startsWith("''", here) ? { end: here + 2, value: "'" } : null,
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
};

/** A text in double quotes; null where it has no end, or an escape that there is not. */
export function doubleQuoted(text: string, at: number): ReadScalar | null {
  return quoted(text, at, (here) => {
    if (text.charAt(here) !== "\\") return null;
    const line = /^\\[ \t]*\r?\n[ \t]*/.exec(text.slice(here, here + 400))?.[0];
    if (line !== undefined) return { end: here + line.length, value: "" };
    const code = /^\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/.exec(
      text.slice(here, here + 10),
    );
    if (code !== null) {
      const number = parseInt(code[1] ?? code[2] ?? code[3] ?? "", 16);
      return number > 0x10ffff ? "bad" : {
        end: here + code[0].length,
        value: code[2] === undefined ? String.fromCodePoint(number) : String.fromCharCode(number),
      };
    }
    const value = ESCAPES[text.charAt(here + 1)];
    return value === undefined ? "bad" : { end: here + 2, value };
  });
}

type Escape = { readonly end: number; readonly value: string };

function quoted(
  text: string,
  at: number,
  escapeAt: (here: number) => Escape | "bad" | null,
): ReadScalar | null {
  const quote = text.charAt(at);
  const pieces: LiteralPiece[] = [];
  let from = at + 1;
  const plain = (end: number) => {
    if (end > from) pieces.push({ start: from, end, value: text.slice(from, end) });
  };
  for (let here = from; here < text.length;) {
    const escape = escapeAt(here);
    if (escape === "bad") return null;
    if (escape !== null) {
      plain(here);
      pieces.push({ start: here, end: escape.end, value: escape.value });
      here = from = escape.end;
    } else if (text.charAt(here) === quote) {
      plain(here);
      return { pieces, end: here + 1 };
    } else {
      const lines = /^[ \t]*(?:\r?\n[ \t]*)+/.exec(text.slice(here, here + 4000))?.[0];
      if (lines === undefined) here++;
      else {
        plain(here);
        pieces.push(joint(text, here, here + lines.length));
        here = from = here + lines.length;
      }
    }
  }
  return null;
}

/** A block behind `|` or `>`, whose lines stand behind the column `parent`; null for a mark that there is not. */
export function blockScalar(text: string, at: number, parent: number): ReadScalar | null {
  const head = /^([|>])(?:([1-9])([-+]?)|([-+])([1-9]?))?[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/.exec(
    text.slice(at, at + 1000),
  );
  if (head === null) return null;
  const chomp = head[3] || head[4] || "";
  const digits = head[2] || head[5];
  const rows = rowsFrom(text, at + head[0].length);
  const first = rows.find(({ isBlank }) => !isBlank);
  const indent = digits === undefined || digits === ""
    ? first?.indent ?? parent + 1
    : Math.max(parent, 0) + Number(digits);
  const stop = rows.findIndex((row) =>
    !row.isBlank && (row.indent < indent || row.indent <= parent)
  );
  const own = stop < 0 ? rows : rows.slice(0, stop);
  const last = own.findLastIndex(({ isBlank }) => !isBlank);
  const pieces = own.slice(0, last + 1).flatMap((row, index) =>
    piecesOf(text, row, { indent, joins: head[1] === ">" && index < last, next: own[index + 1] })
  );
  const end = own.at(-1)?.end ?? at + head[0].length;
  const body = pieces.at(-1);
  if (chomp === "-" && body !== undefined && /\n$/.test(body.value)) {
    pieces[pieces.length - 1] = {
      ...body,
      end: body.end - (/\r\n$/.test(text.slice(body.start, body.end)) ? 2 : 1),
      value: body.value.replace(/\r?\n$/, ""),
    };
  }
  const kept = chomp === "+" ? own.slice(last + 1) : [];
  for (const row of kept) pieces.push({ start: row.start, end: row.end, value: "\n" });
  return { pieces, end };
}

interface Row extends Line {
  readonly indent: number;
  readonly isBlank: boolean;
}

function rowsFrom(text: string, from: number): readonly Row[] {
  const rows: Row[] = [];
  for (let start = from; start < text.length;) {
    const cut = text.indexOf("\n", start);
    const end = cut < 0 ? text.length : cut + 1;
    const line = text.slice(start, end);
    const indent = line.length - line.replace(/^ +/, "").length;
    rows.push({ start, end, indent, isBlank: !/\S/.test(line) });
    start = end;
  }
  return rows;
}

/** A line of a block. With `joins` its break is a blank, unless an empty or an indented line is beside it. */
function piecesOf(
  text: string,
  row: Row,
  { indent, joins, next }: { indent: number; joins: boolean; next: Row | undefined },
): readonly LiteralPiece[] {
  const start = Math.min(row.start + indent, row.end);
  if (row.isBlank) return [{ start: row.start, end: row.end, value: "\n" }];
  const line = text.slice(start, row.end);
  const isDeeper = row.indent > indent ||
    next !== undefined && !next.isBlank && next.indent > indent;
  if (!joins || isDeeper) return [{ start, end: row.end, value: line }];
  const bare = line.replace(/\r?\n$/, "");
  // An empty line is a break of its own, so that the one before it says nothing.
  const value = next?.isBlank === true ? "" : " ";
  return [{ start, end: start + bare.length, value: bare }, {
    start: start + bare.length,
    end: row.end,
    value,
  }];
}
