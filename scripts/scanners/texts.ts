/** Random scripts built of what scanners trip over. */

import type { Random } from "../../tests/property/random.ts";

/** What the texts of a dialect are made of. */
export interface Pieces {
  /** Statements; a blank stands for blanks and comments, `{e}` for an expression, `{s}` for a string, `{n}` for a name. */
  readonly statements: readonly string[];
  readonly strings: readonly string[];
  readonly names: readonly string[];
  readonly numbers: readonly string[];
  readonly operators: readonly string[];
  readonly gaps: readonly string[];
  /** What may stand anywhere and mostly should not. */
  readonly noise: readonly string[];
}

/** Inside of quotes, whatever they are. */
const INSIDES = [
  ..."a;\\'\"`$-/*[]\n\r\f\v\u0085\u2028\ufeff\u00e9\u{1f600}",
  ..."'' \"\" \\' \\\\ -- /* */ $$ $a$ END BEGIN ;\n --\r".split(" "),
];

/** A script of up to six statements, now and then with noise, or nothing but noise. */
export function randomScript(random: Random, pieces: Pieces): string {
  if (random.chance(0.2)) return soup(random, pieces).toWellFormed();
  const out: string[] = [];
  for (let left = random.int(1, 6); left > 0; left--) {
    if (random.chance(0.3)) out.push(gap(random, pieces));
    out.push(expand(random, pieces, random.pick(pieces.statements), 0));
    if (random.chance(0.3)) out.push(gap(random, pieces));
    if (left > 1 || random.chance(0.7)) out.push(";");
  }
  if (random.chance(0.15)) out.splice(random.int(0, out.length), 0, random.pick(pieces.noise));
  const text = out.join("");
  if (random.chance(0.9)) return text;
  const at = random.int(0, text.length);
  return (text.slice(0, at) + random.pick([...pieces.noise, ...INSIDES]) + text.slice(at))
    .toWellFormed();
}

function soup(random: Random, pieces: Pieces): string {
  const all = [
    pieces.strings,
    pieces.names,
    pieces.numbers,
    pieces.operators,
    pieces.gaps,
    pieces.noise,
    INSIDES,
    [";", "(", ")", "SELECT", "BEGIN", "END", "CASE", "CREATE", "TRIGGER"],
  ];
  let text = "";
  for (let left = random.int(1, 25); left > 0; left--) text += piece(random, random.pick(all));
  return text;
}

function expand(random: Random, pieces: Pieces, template: string, depth: number): string {
  return template.replaceAll(/ |\{(\w)\}/g, (_, hole?: string) => {
    switch (hole) {
      case undefined:
        return gap(random, pieces);
      case "s":
        return piece(random, pieces.strings);
      case "n":
        return piece(random, pieces.names);
      default:
        return expression(random, pieces, depth);
    }
  });
}

function expression(random: Random, pieces: Pieces, depth: number): string {
  const inner = (template: string) => expand(random, pieces, template, depth + 1);
  const pick = random.next();
  if (depth > 2 || pick < 0.35) return piece(random, pieces.strings);
  if (pick < 0.5) return random.pick(pieces.numbers);
  if (pick < 0.65) return inner(`{e}${random.pick(pieces.operators)}{e}`);
  if (pick < 0.75) return inner("CASE WHEN {e} THEN {e} ELSE {e} END");
  if (pick < 0.85) return inner("( {e} )");
  return piece(random, pieces.names);
}

/** At least one blank, and comments now and then. */
function gap(random: Random, { gaps }: Pieces): string {
  let text = random.pick(gaps);
  while (random.chance(0.15)) text += piece(random, gaps);
  return random.chance(0.9) ? ` ${text}` : text;
}

/** A piece; each `…` in it is filled with what stands inside of quotes. */
function piece(random: Random, pieces: readonly string[]): string {
  return random.pick(pieces).replaceAll("…", () => {
    let text = "";
    for (let left = random.int(0, 4); left > 0; left--) text += random.pick(INSIDES);
    return text;
  });
}
