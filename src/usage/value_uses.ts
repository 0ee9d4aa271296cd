/** Code that a new value of an enumeration, one that is gone, or NULL in a column that had none, meets unprepared, as far as its text tells. */

import type { KnownModels } from "./code_uses.ts";
import { memberOffset } from "./declared_uses.ts";
import type { Literal } from "./literals.ts";
import type { CodeText } from "./models.ts";
import { lineAt, placeOf, restOfLine } from "./line_index.ts";
import { spellingKey } from "./spelling.ts";
import { losesValue, type Names } from "./target.ts";
import { useAt } from "./use_at.ts";
import type { Use } from "./use.ts";

/** So many lines may hold the cases of one switch. */
const SWITCH = 60;

/** So many places with a value are looked at in one file. */
const MOST_LABELS = 2000;

/** Uses of a changed enumeration, or of a column that becomes nullable. */
export function valueUses(
  code: CodeText,
  names: Names,
  literals: readonly Literal[],
  known: KnownModels,
): readonly Use[] {
  const { target } = names;
  if (target.change === "values") return switches(code, names, literals);
  if (losesValue(target)) return goneTexts(code, names, literals);
  if (target.change !== "nullable") return [];
  return (known.get(names)?.get(code.path) ?? []).flatMap((model): readonly Use[] => {
    const at = memberOffset(code, names, model);
    if (at === null) return [];
    const said = assumed(code.language.name, {
      line: lineAt(code.text, at),
      member: restOfLine(code.text, at),
    });
    if (said === null) return [];
    const why = `${model.name} says ${said}, which cannot be NULL`;
    return [useAt(code, at, { names, via: "model", why })];
  });
}

/** Texts that are a value which is gone, in code that also names the enumeration or another of its values nearby. */
function goneTexts(
  code: CodeText,
  names: Names,
  literals: readonly Literal[],
): readonly Use[] {
  const gone = new Set(names.target.values?.gone);
  const old = new Set(names.target.values?.old);
  const near = [
    ...literals.filter(({ value }) => old.has(value)).map(({ value, start }) => ({
      text: value,
      line: placeOf(code.text, start).line,
    })),
    ...code.tokens.filter(({ kind, start, end }) =>
      kind === "word" && isOf(names, code.text.slice(start, end))
    ).map(({ start }) => ({ text: null, line: placeOf(code.text, start).line })),
  ].slice(0, MOST_LABELS);
  return literals.filter(({ value }) => gone.has(value)).slice(0, MOST_LABELS).flatMap(
    ({ value, start }): readonly Use[] => {
      const { line } = placeOf(code.text, start);
      const isMeant = near.some((one) => one.text !== value && Math.abs(one.line - line) <= SWITCH);
      if (!isMeant) return [];
      const why = `a text is the value ${value}`;
      return [useAt(code, start, { names, via: "code", why })];
    },
  );
}

/** Whether a word is the name of the enumeration, or of the column that has it. */
function isOf({ target, tableKeys, columnKey }: Names, word: string): boolean {
  const key = spellingKey(word);
  return target.column === null ? tableKeys.has(key) : key === columnKey;
}

/** A run of lines that names every value that there was, and none of the new ones. */
function switches(
  code: CodeText,
  names: Names,
  literals: readonly Literal[],
): readonly Use[] {
  const { values } = names.target;
  if (values === undefined || values.old.length < 2) return [];
  const old = new Set(values.old.map(spellingKey));
  const fresh = new Set(values.fresh.map(spellingKey));
  const known = new Set([...old, ...fresh]);
  const seen = [
    ...literals.map(({ value, start }) => ({ key: spellingKey(value), start })),
    ...code.tokens.filter(({ kind }) => kind === "word").map(({ start, end }) => ({
      key: valueKey(code.text.slice(start, end), names, known),
      start,
    })),
  ].filter(({ key }) => old.has(key) || fresh.has(key)).sort((a, b) => a.start - b.start).slice(
    0,
    MOST_LABELS,
  );
  const lines = seen.map(({ key, start }) => ({
    key,
    start,
    line: placeOf(code.text, start).line,
  }));
  const freshLines = lines.flatMap(({ key, line }) => fresh.has(key) ? [line] : []);
  const found: Use[] = [];
  for (let from = 0; from < lines.length;) {
    const first = lines[from];
    if (first === undefined) break;
    const upTo = allNamed(lines, from, old);
    const around = freshLines.some((line) => Math.abs(line - first.line) <= SWITCH);
    if (upTo < 0 || around) {
      from++;
      continue;
    }
    const why = `it names every value of ${names.target.name} but ${values.fresh.join(", ")}`;
    found.push(useAt(code, first.start, { names, via: "code", why }));
    from = upTo + 1;
  }
  return found;
}

/** The value that a word of code names; one that begins with the type's name as well: `MoodSad` in Go. */
function valueKey(word: string, { tableKeys, columnKey }: Names, known: ReadonlySet<string>) {
  const key = spellingKey(word);
  if (known.has(key)) return key;
  const type = [...tableKeys, columnKey].find((one) => one !== "" && key.startsWith(one)) ?? "";
  return key.slice(type.length);
}

/** Where, within the lines of one switch, the last of the keys is named; -1 where not all of them are. */
function allNamed(
  lines: readonly { readonly key: string; readonly line: number }[],
  from: number,
  keys: ReadonlySet<string>,
): number {
  const last = (lines[from]?.line ?? 0) + SWITCH;
  const named = new Set<string>();
  for (let at = from; at < lines.length; at++) {
    const { key, line } = lines[at] ?? { key: "", line: Infinity };
    if (line > last) return -1;
    if (keys.has(key)) named.add(key);
    if (named.size === keys.size) return at;
  }
  return -1;
}

/** The type of a member that takes no NULL, as its line says; null where it takes one, or nothing is said. */
function assumed(
  language: string,
  { line, member }: { readonly line: string; readonly member: string },
): string | null {
  const typed = /:\s*([\w.]+(?:<[^>]*>|\[[^\]]*\])?)(\s*\|[^;,=]*)?(\?)?/.exec(member);
  switch (language) {
    case "Prisma": {
      const type = /^\s*\w+\s+(\w+)(\?|\[\])?/.exec(line);
      return type === null || type[2] !== undefined ? null : type[1] ?? null;
    }
    case "TypeScript":
      if (/nullable:\s*true|\.nullable\(/.test(line) || /^\w+\s*\?\s*:/.test(member)) return null;
      if (/\.notNull\(\)/.test(line)) return "notNull()";
      // A schema in code: its columns take NULL unless they say that they do not.
      if (/^\w+\s*:\s*[\w.]+\(/.test(member)) return null;
      return typed === null || /null|undefined/.test(typed[2] ?? "") ? null : typed[1] ?? null;
    case "Kotlin":
    case "Rust":
      return typed === null || typed[3] !== undefined || /^Option/.test(typed[1] ?? "")
        ? null
        : typed[1] ?? null;
    case "Go": {
      const type = /^\s*\w+\s+([\w.*[\]]+)/.exec(line)?.[1] ?? "*";
      return /^\*|Null|pgtype|null\.|\[\]/.test(type) ? null : type;
    }
    case "Java": {
      const type = /\b(int|long|short|byte|boolean|float|double|char)\s+\w+\s*[;=]/.exec(line);
      return type?.[1] ?? null;
    }
    case "C#": {
      const type = /(?:public|internal|required)\s+([\w.<>]+)(\?)?\s+\w+/.exec(line);
      return type === null || type[2] !== undefined ? null : type[1] ?? null;
    }
    case "Python":
      if (/null\s*=\s*True|nullable\s*=\s*True|Optional|None/.test(line)) return null;
      if (/nullable\s*=\s*False/.test(line)) return "nullable=False";
      return /Mapped\[|^\s*\w+\s*:\s*[\w.]+(?:\[.*\])?\s*(?:=(?!=)|#|$)/.test(line)
        ? typed?.[1] ?? null
        : null;
    default:
      return null;
  }
}
