/** What a changelog of XML, YAML or JSON says: elements with attributes, whichever way they are written. */

import type { LiteralPiece } from "../code_tokens.ts";
import type { SourceFile } from "../format.ts";

/** One element: `<createTable tableName="a">`, or `createTable: { tableName: a }`. */
export interface Element {
  readonly name: string;
  readonly file: SourceFile;
  /** Of its first sign in the file. */
  readonly start: number;
  readonly end: number;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** The characters in it, in order, with what the notation makes of them. */
  readonly text: readonly LiteralPiece[];
}

/** The characters in an element, as Liquibase gets them. */
export function textOf({ text }: Element): string {
  return text.map(({ value }) => value).join("");
}

/** The first child of a name; undefined where there is none. */
export function childOf({ children }: Element, name: string): Element | undefined {
  return children.find((child) => child.name === name);
}

/** What an attribute says, or in the other notations the child that stands for it. */
export function valueOf(element: Element, name: string): string | undefined {
  const child = childOf(element, name);
  return element.attributes.get(name) ??
    (child === undefined || child.children.length > 0 ? undefined : textOf(child));
}
