/** `${name}` in changelogs, and the properties that give it a value. */

import type { LiteralPiece } from "../code_tokens.ts";
import type { Range } from "../script.ts";
import type { Element } from "./element.ts";
import { isMeant } from "./dbms.ts";

/** Values by name; the first definition counts. */
export type Parameters = Map<string, string>;

/** Notes down what a `<property name="..." value="..." dbms="..."/>` says. */
export function define(
  parameters: Parameters,
  { name, value, dbms, dialect }: {
    readonly name: string | undefined;
    readonly value: string | undefined;
    readonly dbms: string | undefined;
    readonly dialect: string;
  },
): void {
  if (name === undefined || value === undefined || parameters.has(name)) return;
  if (isMeant(dbms, dialect)) parameters.set(name, value);
}

const PARAMETER = /\$\{([^}:]+)\}/g;
/** Values may name others; more than this is a circle. */
const MOST_ROUNDS = 8;

/** A text with the values that are known; anything else stays, as Liquibase leaves it. */
export function filled(text: string, parameters: ReadonlyMap<string, string>): string {
  let out = text;
  for (let round = 0; round < MOST_ROUNDS && out.includes("${"); round++) {
    out = out.replaceAll(PARAMETER, (whole, name: string) => parameters.get(name.trim()) ?? whole);
  }
  return out;
}

/** Pieces of a text with values in place of what names them. */
export function filledPieces(
  pieces: readonly LiteralPiece[],
  parameters: ReadonlyMap<string, string>,
): readonly LiteralPiece[] {
  if (parameters.size === 0) return pieces;
  return pieces.flatMap((piece) => {
    if (!piece.value.includes("${")) return [piece];
    if (piece.value.length !== piece.end - piece.start) {
      return [{ ...piece, value: filled(piece.value, parameters) }];
    }
    const out: LiteralPiece[] = [];
    let at = 0;
    const plain = (to: number) => {
      if (to <= at) return;
      out.push({
        start: piece.start + at,
        end: piece.start + to,
        value: piece.value.slice(at, to),
      });
    };
    for (const { start, end, by } of filledRanges(piece.value, parameters)) {
      plain(start);
      out.push({ start: piece.start + start, end: piece.start + end, value: by });
      at = end;
    }
    plain(piece.value.length);
    return out;
  });
}

/** An element with the known values in its attributes and texts, and in those of all that it holds. */
export function filledElement(element: Element, parameters: ReadonlyMap<string, string>): Element {
  if (parameters.size === 0) return element;
  return {
    ...element,
    attributes: new Map(
      [...element.attributes].map(([key, value]) => [key, filled(value, parameters)]),
    ),
    children: element.children.map((child) => filledElement(child, parameters)),
    text: filledPieces(element.text, parameters),
  };
}

/** Where a text names values that are known, and what stands there then. */
export function filledRanges(
  text: string,
  parameters: ReadonlyMap<string, string>,
): readonly (Range & { readonly by: string })[] {
  return [...text.matchAll(PARAMETER)].flatMap(({ 0: whole, index }) => {
    const by = filled(whole, parameters);
    return by === whole ? [] : [{ start: index, end: index + whole.length, by }];
  });
}
