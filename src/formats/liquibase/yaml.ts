/** YAML as far as changelogs use it, JSON with it: mappings, lists and scalars of every style. Anchors, tags and several documents are refused. */

import type { LiteralPiece } from "../code_tokens.ts";
import type { SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { blockScalar, doubleQuoted, folded, singleQuoted } from "./yaml_scalar.ts";

/** A value, with its place in the file. */
export type YamlNode =
  & { readonly start: number; readonly end: number }
  & (
    | {
      readonly kind: "scalar";
      readonly pieces: readonly LiteralPiece[];
      readonly isNull: boolean;
    }
    | { readonly kind: "map"; readonly entries: readonly (readonly [string, YamlNode])[] }
    | { readonly kind: "list"; readonly items: readonly YamlNode[] }
  );

/** Deeper than any changelog. */
const MOST_DEEP = 64;

/** The value of the one document. Throws UsageError, with its place, for what it does not read. */
export function parseYaml(file: SourceFile): YamlNode {
  return new YamlReader(file).document();
}

class YamlReader {
  readonly #file: SourceFile;
  readonly #text: string;
  #at = 0;
  #deep = 0;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#text = file.text;
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  document(): YamlNode {
    this.#skip();
    if (/^---(?:\s|$)/.test(this.#rest(4)) && this.#column() === 0) {
      this.#at += 3;
      this.#skip();
    }
    const node = this.#block(-1);
    this.#skip();
    if (/^\.\.\.(?:\s|$)/.test(this.#rest(4))) {
      this.#at += 3;
      this.#skip();
    }
    if (this.#at < this.#text.length) throw this.#fault("this stands out of line");
    return node;
  }

  /** The value that begins behind `parent`, the column of what it belongs to; a list may stand in `listColumn` too. */
  #block(parent: number, listColumn = parent + 1): YamlNode {
    this.#skip();
    const column = this.#column();
    const isItem = /^-(?:\s|$)/.test(this.#rest(2));
    const isEnd = this.#at >= this.#text.length ||
      column === 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(this.#rest(4));
    if (isEnd || (isItem ? column < listColumn : column <= parent)) return this.#nothing();
    if (++this.#deep > MOST_DEEP) throw this.#fault("it is nested too deep");
    const node = isItem
      ? this.#list(column)
      : this.#keyAhead()
      ? this.#map(column)
      : this.#inline(parent);
    this.#deep--;
    return node;
  }

  #list(column: number): YamlNode {
    const start = this.#at;
    const items: YamlNode[] = [];
    let end = start;
    while (this.#column() === column && /^-(?:\s|$)/.test(this.#rest(2))) {
      this.#at++;
      const item = this.#value(column);
      items.push(item);
      end = item.end;
      this.#skip();
    }
    return { kind: "list", items, start, end };
  }

  #map(column: number): YamlNode {
    const start = this.#at;
    const entries = new Map<string, YamlNode>();
    let end = start;
    while (this.#at < this.#text.length && this.#column() === column && this.#keyAhead()) {
      const key = this.#key();
      if (entries.has(key)) throw this.#fault(`${key} stands twice`);
      const node = this.#value(column, column);
      entries.set(key, node);
      end = Math.max(end, node.end);
      this.#skip();
    }
    return { kind: "map", entries: [...entries], start, end };
  }

  /** What stands behind `key:` or `-`: on the same line, or on the next ones. */
  #value(column: number, listColumn?: number): YamlNode {
    this.#blanks();
    const isLineEnd = /^(?:$|\r?\n|#)/.test(this.#rest(2));
    if (isLineEnd) return this.#block(column, listColumn);
    if (
      /^-\s/.test(this.#rest(2)) && listColumn === undefined ||
      this.#keyAhead() && listColumn === undefined
    ) {
      return this.#block(column);
    }
    return this.#inline(column);
  }

  /** A scalar, or a collection in brackets. */
  #inline(parent: number): YamlNode {
    const sign = this.#text.charAt(this.#at);
    const start = this.#at;
    if (sign === "|" || sign === ">") {
      const read = blockScalar(this.#text, this.#at, parent);
      if (read === null) throw this.#fault("the mark of this block is not read");
      this.#at = read.end;
      return { kind: "scalar", pieces: read.pieces, isNull: false, start, end: read.end };
    }
    const node = this.#flow(parent);
    this.#blanks();
    if (!/^(?:$|\r?\n|#)/.test(this.#rest(2))) throw this.#fault("this stands out of line");
    return node;
  }

  /** A value in which no indentation counts; `parent` is null inside of brackets. */
  #flow(parent: number | null): YamlNode {
    const start = this.#at;
    const sign = this.#text.charAt(this.#at);
    if (sign === "{" || sign === "[") {
      if (++this.#deep > MOST_DEEP) throw this.#fault("it is nested too deep");
      this.#at++;
      const node = sign === "{" ? this.#flowMap(start) : this.#flowList(start);
      this.#deep--;
      return node;
    }
    if (sign === '"' || sign === "'") {
      const read = sign === '"' ? doubleQuoted(this.#text, start) : singleQuoted(this.#text, start);
      if (read === null) throw this.#fault("a text in quotes is not read to its end");
      this.#at = read.end;
      return { kind: "scalar", pieces: read.pieces, isNull: false, start, end: read.end };
    }
    if (/^[&*!%@`]/.test(sign)) {
      throw this.#fault(`"${sign}" is not read: anchors, aliases and tags`);
    }
    return this.#plain(parent);
  }

  #plain(parent: number | null): YamlNode {
    const start = this.#at;
    const lines: { start: number; end: number }[] = [];
    for (;;) {
      const end = this.#plainEnd(this.#at, parent === null);
      if (end === this.#at) break;
      lines.push({ start: this.#at, end });
      this.#at = end;
      if (parent === null || /^[ \t]*#/.test(this.#rest(200))) break;
      const next = /^[ \t]*(?:\r?\n[ \t]*)+/.exec(this.#text.slice(end, end + 4000))?.[0];
      if (next === undefined) break;
      const column = next.length - next.lastIndexOf("\n") - 1;
      const at = end + next.length;
      if (column <= parent || at >= this.#text.length || this.#text.charAt(at) === "#") break;
      this.#at = at;
    }
    const end = lines.at(-1)?.end ?? start;
    this.#at = end;
    if (this.#rest(2).startsWith(":") && parent !== null) {
      throw this.#fault("this key stands out of line");
    }
    const pieces = folded(this.#text, lines);
    const value = pieces.map((piece) => piece.value).join("");
    return { kind: "scalar", pieces, isNull: /^(?:~|null|Null|NULL|)$/.test(value), start, end };
  }

  /** Where a plain scalar ends in its line. */
  #plainEnd(from: number, isFlow: boolean): number {
    const line = /^[^\r\n]*/.exec(this.#text.slice(from))?.[0] ?? "";
    const stop = isFlow ? /\s#|:(?:\s|$|[,[\]{}])|[,[\]{}]/ : /\s#|:(?:\s|$)/;
    const cut = line.search(stop);
    return from + (cut < 0 ? line : line.slice(0, cut)).trimEnd().length;
  }

  #flowMap(start: number): YamlNode {
    const entries = new Map<string, YamlNode>();
    for (;;) {
      this.#skip();
      if (this.#taken("}")) break;
      const key = this.#flow(null);
      this.#skip();
      if (key.kind !== "scalar" || !this.#taken(":")) throw this.#fault('":" is missing');
      this.#skip();
      const name = key.pieces.map(({ value }) => value).join("");
      if (entries.has(name)) throw this.#fault(`${name} stands twice`);
      entries.set(name, /^[,}]/.test(this.#rest(1)) ? this.#nothing() : this.#flow(null));
      this.#skip();
      if (!this.#taken(",") && !this.#rest(1).startsWith("}")) throw this.#fault('"}" is missing');
    }
    return { kind: "map", entries: [...entries], start, end: this.#at };
  }

  #flowList(start: number): YamlNode {
    const items: YamlNode[] = [];
    for (;;) {
      this.#skip();
      if (this.#taken("]")) break;
      items.push(this.#flow(null));
      this.#skip();
      if (!this.#taken(",") && !this.#rest(1).startsWith("]")) throw this.#fault('"]" is missing');
    }
    return { kind: "list", items, start, end: this.#at };
  }

  /** Whether a key and its colon are next in this line. */
  #keyAhead(): boolean {
    return KEY.test(this.#rest(1000));
  }

  #key(): string {
    const found = KEY.exec(this.#rest(1000));
    const [whole = "", key = ""] = found ?? [];
    this.#at += whole.length;
    return key.replace(/^(["'])(.*)\1$/, "$2");
  }

  #nothing(): YamlNode {
    return { kind: "scalar", pieces: [], isNull: true, start: this.#at, end: this.#at };
  }

  #taken(sign: string): boolean {
    if (this.#text.charAt(this.#at) !== sign) return false;
    this.#at++;
    return true;
  }

  #blanks(): void {
    while (/[ \t]/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  /** Past blanks, line breaks and comments. */
  #skip(): void {
    for (;;) {
      while (/[ \t\r\n]/.test(this.#text.charAt(this.#at))) this.#at++;
      const before = this.#text.charAt(this.#at - 1);
      if (this.#text.charAt(this.#at) !== "#" || !/^[\s\ufeff]?$/.test(before)) return;
      const cut = this.#text.indexOf("\n", this.#at);
      this.#at = cut < 0 ? this.#text.length : cut;
    }
  }

  /** Of the next sign. A tab before it is no indentation. */
  #column(): number {
    const from = this.#text.lastIndexOf("\n", this.#at - 1) + 1;
    return this.#at - from - (from === 0 && this.#text.charCodeAt(0) === 0xfeff ? 1 : 0);
  }

  #rest(length: number): string {
    return this.#text.slice(this.#at, this.#at + length);
  }

  #fault(why: string) {
    return refusal(`Cannot read "${this.#file.path}": ${why}`, this.#file, this.#at);
  }
}

/** A key in a block: a plain or a quoted word, a colon, and a blank or the end of the line. */
const KEY = /^("[^"\r\n\\]*"|'[^'\r\n]*'|[\p{L}\p{N}_$.][^\r\n#:,[\]{}"']*?)\s*:(?=\s|$)/u;
