/** XML as far as changelogs need it: elements, attributes, CDATA, the five entities and numbered signs. Nothing is fetched or defined. */

import type { LiteralPiece } from "../code_tokens.ts";
import type { SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import type { Element } from "./element.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** Deeper than any changelog. */
const MOST_DEEP = 64;

/** The root element. Throws UsageError, with its place, for what is not well formed, and for a document type. */
export function parseXml(file: SourceFile): Element {
  return new XmlReader(file).document();
}

type Open = Omit<Element, "attributes" | "children" | "text" | "end"> & {
  readonly attributes: Map<string, string>;
  readonly children: Element[];
  readonly text: LiteralPiece[];
};

class XmlReader {
  readonly #file: SourceFile;
  readonly #text: string;
  #at = 0;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#text = file.text;
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  document(): Element {
    const open: Open[] = [];
    let root: Element | null = null;
    while (this.#at < this.#text.length) {
      const parent = open.at(-1);
      if (this.#skipped("<!--", "-->") || this.#skipped("<?", "?>")) continue;
      if (this.#text.startsWith("<![CDATA[", this.#at)) this.#cdata(parent);
      else if (this.#text.startsWith("<!", this.#at)) {
        throw this.#fault("document types are not read");
      } else if (this.#text.startsWith("</", this.#at)) {
        const closed = this.#close(open.pop());
        (open.at(-1)?.children ?? []).push(closed);
        if (open.length === 0) root = closed;
      } else if (this.#text.charAt(this.#at) === "<") {
        if (root !== null) throw this.#fault("it has a second root");
        const { element, isEmpty } = this.#open();
        if (open.length >= MOST_DEEP) throw this.#fault("it is nested too deep");
        if (!isEmpty) open.push(element);
        else if (parent === undefined) root = { ...element, end: this.#at };
        else parent.children.push({ ...element, end: this.#at });
      } else this.#characters(parent);
    }
    if (open.length > 0) throw this.#fault(`<${open.at(-1)?.name}> is not closed`);
    if (root === null) throw this.#fault("it has no element");
    return root;
  }

  #skipped(opening: string, closing: string): boolean {
    if (!this.#text.startsWith(opening, this.#at)) return false;
    this.#at = this.#past(closing);
    return true;
  }

  #past(mark: string): number {
    const found = this.#text.indexOf(mark, this.#at);
    if (found < 0) throw this.#fault(`"${mark}" is missing`);
    return found + mark.length;
  }

  #cdata(parent: Open | undefined): void {
    const start = this.#at + "<![CDATA[".length;
    this.#at = this.#past("]]>");
    const end = this.#at - "]]>".length;
    parent?.text.push({ start, end, value: this.#text.slice(start, end) });
  }

  #characters(parent: Open | undefined): void {
    const cut = this.#text.indexOf("<", this.#at);
    const end = cut < 0 ? this.#text.length : cut;
    const pieces = this.#pieces(this.#at, end);
    if (parent === undefined && pieces.some(({ value }) => /\S/.test(value))) {
      throw this.#fault("it has text outside of its elements");
    }
    parent?.text.push(...pieces);
    this.#at = end;
  }

  /** A range with its entities resolved. */
  #pieces(start: number, end: number): readonly LiteralPiece[] {
    const pieces: LiteralPiece[] = [];
    let at = start;
    const plain = (to: number) => {
      if (to > at) pieces.push({ start: at, end: to, value: this.#text.slice(at, to) });
    };
    for (let next = this.#text.indexOf("&", at); next >= 0 && next < end;) {
      const [whole, name = ""] =
        /^&(#x[0-9a-fA-F]+|#\d+|\w+);/.exec(this.#text.slice(next, next + 12)) ??
          [];
      const value = whole === undefined ? undefined : resolved(name);
      if (whole === undefined || value === undefined) {
        this.#at = next;
        throw this.#fault('"&" begins no entity that it knows');
      }
      plain(next);
      pieces.push({ start: next, end: next + whole.length, value });
      at = next + whole.length;
      next = this.#text.indexOf("&", at);
    }
    plain(end);
    return pieces;
  }

  #open(): { readonly element: Open; readonly isEmpty: boolean } {
    const start = this.#at;
    const name = this.#match(/<([\w:.-]+)/y);
    if (name === null) throw this.#fault('"<" begins no element');
    const attributes = new Map<string, string>();
    for (;;) {
      this.#match(/\s+()/y);
      const key = this.#match(/([\w:.-]+)\s*=\s*/y);
      if (key === null) break;
      const from = this.#at + 1;
      const quote = this.#text.charAt(this.#at);
      const close = quote === '"' || quote === "'" ? this.#text.indexOf(quote, from) : -1;
      if (close < 0) throw this.#fault(`the value of ${key} is not in quotes`);
      const value = this.#pieces(from, close).map((piece) =>
        piece.end - piece.start === piece.value.length
          ? piece.value.replaceAll(/\r\n|[\r\n\t]/g, " ")
          : piece.value
      ).join("");
      if (attributes.has(key)) throw this.#fault(`${key} stands twice`);
      attributes.set(localName(key), value);
      this.#at = close + 1;
    }
    const end = this.#match(/(\/?>)/y);
    if (end === null) throw this.#fault(`<${name}> has no end`);
    const element = {
      name: localName(name),
      file: this.#file,
      start,
      attributes,
      children: [],
      text: [],
    };
    return { element, isEmpty: end === "/>" };
  }

  #close(open: Open | undefined): Element {
    const name = this.#match(/<\/([\w:.-]+)\s*>/y);
    if (name === null || open?.name !== localName(name)) {
      throw this.#fault(open === undefined ? "nothing is open" : `<${open.name}> is not closed`);
    }
    return { ...open, end: this.#at };
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[1] ?? "";
  }

  #fault(why: string) {
    return refusal(`Cannot read "${this.#file.path}": ${why}`, this.#file, this.#at);
  }
}

/** Without the prefix of its namespace: `ext:dropProcedure`. */
function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function resolved(name: string): string | undefined {
  if (!name.startsWith("#")) return ENTITIES[name];
  const code = name.startsWith("#x") ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
