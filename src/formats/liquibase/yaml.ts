/** Values of YAML and JSON with their places. */

import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { LiteralPiece } from "../code_tokens.ts";
import type { SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";

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

/** More values than any changelog has, aliases written out. */
const MOST_NODES = 200_000;

/** The value of the one document. Throws UsageError, with its place, for what is no YAML, and for more than one document. */
export function parseYaml(file: SourceFile): YamlNode {
  const document = read(file);
  const [error] = document.errors;
  if (error !== undefined) {
    const [message = ""] = error.message.split(" at line ");
    throw fault(file, error.pos[0], message);
  }
  return new Reader(file, document).node(document.contents, 0);
}

/** All scalars are texts: what they are is for the changelog to say. */
function read(file: SourceFile): Document.Parsed {
  try {
    return parseDocument(file.text, { schema: "failsafe", prettyErrors: false });
  } catch (error) {
    // The reader of the library goes down by recursion.
    if (error instanceof RangeError) throw fault(file, 0, "it is nested too deep");
    throw error;
  }
}

class Reader {
  readonly #file: SourceFile;
  readonly #document: Document.Parsed;
  #count = 0;

  constructor(file: SourceFile, document: Document.Parsed) {
    this.#file = file;
    this.#document = document;
  }

  node(node: Node | null, start: number, depth = 0): YamlNode {
    if (node === null) return { kind: "scalar", pieces: [], isNull: true, start, end: start };
    const [from, to] = node.range ?? [start, start];
    if (depth > MOST_DEEP) throw fault(this.#file, from, "it is nested too deep");
    if (++this.#count > MOST_NODES) throw fault(this.#file, from, "it says too much");
    if (isAlias(node)) {
      const meant = node.resolve(this.#document);
      if (meant === undefined) throw fault(this.#file, from, "this alias has no anchor before it");
      return this.node(meant, from, depth + 1);
    }
    const place = { start: from, end: to };
    if (isSeq<Node>(node)) {
      const items = node.items.map((item) => this.node(item, from, depth + 1));
      return { kind: "list", items, ...place };
    }
    if (isMap<Node, Node | null>(node)) {
      const entries = node.items.map(({ key, value }) => {
        if (!isScalar(key)) throw fault(this.#file, key.range?.[0] ?? from, "this is no key");
        return [String(key.value), this.node(value, key.range?.[1] ?? from, depth + 1)] as const;
      });
      return { kind: "map", entries, ...place };
    }
    if (!isScalar(node)) throw fault(this.#file, from, "this is no value");
    const isNull = node.type === "PLAIN" && /^(?:~|null|Null|NULL|)$/.test(String(node.value));
    return { kind: "scalar", pieces: this.#pieces(String(node.value), from, to), isNull, ...place };
  }

  /** The lines of a scalar where they stand in the file; what is written otherwise there is where the scalar goes on. */
  #pieces(value: string, start: number, end: number): readonly LiteralPiece[] {
    const pieces: LiteralPiece[] = [];
    const text = this.#file.text.slice(0, end);
    let at = start;
    for (const line of value.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      const bare = line.trimEnd();
      const found = bare === "" ? -1 : text.indexOf(bare, at);
      if (found < 0) {
        pieces.push({ start: at, end: at, value: line });
        continue;
      }
      at = found + bare.length;
      pieces.push({ start: found, end: at, value: bare });
      if (line !== bare) pieces.push({ start: at, end: at, value: line.slice(bare.length) });
    }
    return pieces;
  }
}

function fault(file: SourceFile, at: number, why: string) {
  return refusal(`Cannot read "${file.path}": ${why}`, file, at);
}
