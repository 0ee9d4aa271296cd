/** Names that a file gives to rows of a table, whatever they are called: `n = Notification(...)`, `c *Channel`, `for (Project p : all)`. */

import { type CodeText, isEntity } from "./models.ts";

/** Says whether a name stands for a row of the table at an offset of the file: what it was last bound to before that. */
type IsBound = (name: string, offset: number) => boolean;

interface Binding {
  readonly at: number;
  readonly isRow: boolean;
}

/** The names that a file binds to models, by the keys of those. */
export function boundNames(code: CodeText, keys: ReadonlySet<string>): IsBound {
  const { text, tokens } = code;
  const found = new Map<string, Binding[]>();
  const bind = (name: string, binding: Binding) => {
    const before = found.get(name);
    if (before === undefined) found.set(name, [binding]);
    else before.push(binding);
  };
  const rows = new Set<number>();
  const words = new Map<string, boolean>();
  const isModel = (word: string) => {
    const known = words.get(word) ?? (/^[A-Z]|[a-z][A-Z]/.test(word) && isEntity(word, keys));
    words.set(word, known);
    return known;
  };
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "word" || !isModel(text.slice(token.start, token.end))) continue;
    const named = nameBefore(code, index) ?? nameBehind(code, index);
    if (named !== null) rows.add(named);
  }
  if (rows.size === 0) return () => false;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "word") continue;
    const isRow = rows.has(index);
    if (!isRow && !isAssigned(code, index)) continue;
    bind(text.slice(token.start, token.end), { at: token.start, isRow });
  }
  return (name, offset) => {
    const bindings = found.get(name) ?? [];
    let [low, high] = [0, bindings.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bindings[middle]?.at ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return bindings[low - 1]?.isRow ?? false;
  };
}

/** So many tokens stand between a name and its model: `n: Promise<models.User>`. */
const FAR = 8;

/** Words between a name and its model. */
const BETWEEN = new Set(
  ("new await yield mut dyn async models model schema entities entity domain db prisma tx self this repo repository option vec list set promise array " +
    "optional partial readonly box arc")
    .split(" "),
);

/** Index of the name that is bound to a model which stands behind it; null for none. */
function nameBefore({ text, tokens, language }: CodeText, model: number): number | null {
  let signs = "";
  for (let at = model - 1; at >= 0 && at >= model - FAR; at--) {
    const token = tokens[at];
    if (token === undefined || token.kind === "string") return null;
    const word = text.slice(token.start, token.end);
    if (token.kind === "sign") {
      if (!"*&[]:=<.?".includes(word)) return null;
      signs = word + signs;
    } else if (!BETWEEN.has(word.toLowerCase())) {
      const isNamed = /^\??(?::=|=|:)(?![=:])|^[*&[]/.test(signs) ||
        signs === "" && language.name === "Go";
      return isNamed && /^[a-z_]\w*$/.test(word) ? at : null;
    }
  }
  return null;
}

/** Index of the name that is declared behind its type; null for none. */
function nameBehind({ text, tokens, language }: CodeText, model: number): number | null {
  if (!TYPE_FIRST.has(language.name)) return null;
  let at = model + 1;
  while (at < model + FAR && isSign(text, tokens[at], ">?[]&$")) at++;
  const name = tokens[at];
  if (name?.kind !== "word") return null;
  const next = tokens[at + 1];
  const isDeclared = isSign(text, next, "=;,):") ||
    next !== undefined && text.slice(next.start, next.end) === "in";
  return isDeclared ? at : null;
}

/** Languages that write the type before the name. */
const TYPE_FIRST = new Set(["Java", "C#", "PHP"]);

function isSign(text: string, token: CodeText["tokens"][number] | undefined, any: string): boolean {
  return token?.kind === "sign" && any.includes(text.charAt(token.start));
}

/** Whether something is assigned to a name itself: `n = …`, `n := …`. */
function isAssigned({ text, tokens }: CodeText, index: number): boolean {
  const [before, next, after] = [tokens[index - 1], tokens[index + 1], tokens[index + 2]];
  if (isSign(text, before, ".>")) return false;
  if (isSign(text, next, ":")) return isSign(text, after, "=");
  return isSign(text, next, "=") && !isSign(text, after, "=>");
}
