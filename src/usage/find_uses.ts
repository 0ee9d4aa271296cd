/** Who uses what a change takes away: code, models and SQL of programs, found by names. Pure: texts in, places out. */

import { codeTokens, sourceOffset } from "./code_scanner.ts";
import { allModels, codeUses, type KnownModels } from "./code_uses.ts";
import { homeOf } from "./at_home.ts";
import { commentUses } from "./comment_uses.ts";
import { languageOf } from "./language.ts";
import { type Literal, literalsOf } from "./literals.ts";
import { type CodeText, declarationsIn, type Model, modelsOf } from "./models.ts";
import { namedUses } from "./named_uses.ts";
import { isQuery } from "./queries.ts";
import { queryUses } from "./query_uses.ts";
import { spellingKey } from "./spelling.ts";
import { stringUses } from "./string_uses.ts";
import { type Names, namesOf, needlePattern, type Target } from "./target.ts";
import type { CodeFile, FoundQuery, FoundUses, Use } from "./use.ts";
import { valueUses } from "./value_uses.ts";

/** How it is looked for. */
interface FindOptions {
  /** Awaited between some of the files, so that others have their turn. */
  readonly pause?: () => Promise<void>;
  /** Whether places are told that have nothing but the name. */
  readonly isByName?: boolean;
}

/** Finds the uses of targets in files. */
export async function findUses(
  files: readonly CodeFile[],
  targets: readonly Target[],
  { pause = () => Promise.resolve(), isByName = true }: FindOptions = {},
): Promise<FoundUses> {
  const needle = needlePattern(targets);
  if (needle === null) return { uses: [], named: [], queries: [] };
  const spelled = targets.map(namesOf);
  const wanted = files.filter(({ text }) => needle.test(text));
  const codes = new Map<CodeFile, CodeText>();
  for (const [index, file] of wanted.entries()) {
    if (index % AT_ONCE === 0) await pause();
    const language = languageOf(file.path, file.text);
    if (language === null || file.statements !== undefined) continue;
    const tokens = codeTokens(file.text, language);
    codes.set(file, { path: file.path, text: file.text, language, tokens });
  }
  const models = await knownModels([...codes.values()], spelled, pause);
  const known = new Map<Names, ReadonlyMap<string, readonly Model[]>>();
  const namesIn = spelled.map((each) => {
    const own = models.get(each) ?? new Map();
    const home = homeOf(each, [...codes.values()], [...own.values()].flat());
    const [told, plain] = [{ ...each, isTelling: true }, { ...each, isTelling: false }];
    known.set(told, own).set(plain, own);
    return (path: string) => home === null || home.has(path) ? told : plain;
  });
  const uses: Use[] = [];
  const named: Use[] = [];
  const queries: FoundQuery[] = [];
  for (const [index, file] of wanted.entries()) {
    if (index % AT_ONCE === 0) await pause();
    const code = codes.get(file);
    const names = namesIn.map((of) => of(file.path));
    const literals = code === undefined ? sqlLiterals(file) : literalsOf(file.text, code.tokens);
    const found = inLiterals(file, { literals, names, code: code ?? null, known });
    queries.push(...found.queries);
    if (code === undefined) uses.push(...found.uses);
    const taken = literals.filter(({ value }) => isQuery(value));
    for (const each of names) {
      const told = found.uses.filter(({ target }) => target === each.target);
      if (code !== undefined) {
        told.push(
          ...codeUses(code, each, known),
          ...valueUses(code, each, literals, known),
          ...commentUses(code, each, known.get(each)?.has(file.path) ?? false),
        );
        uses.push(...told);
      }
      if (!isByName || file.isLog === true) continue;
      const lines = new Set(told.map(({ line }) => line));
      named.push(...namedUses(file, each, { found: lines, taken, models: allModels(known, each) }));
    }
  }
  return { uses: onePerLine(uses), named, queries };
}

/** Definitions that are no tables: what they name is used when they run. */
const KEPT_CODE =
  /^create\s+(?:or\s+replace\s+)?(?:materialized\s+|definer\s*=\s*\S+\s+)?(?:view|function|procedure|trigger|policy|rule|event)\b/i;

/** So many files between two pauses. */
const AT_ONCE = 20;

function sqlLiterals({ statements = [] }: CodeFile): readonly Literal[] {
  return statements.map(({ sql, offset }) => ({
    value: sql,
    parts: [{ at: 0, source: offset }],
    start: offset,
    end: offset + sql.length,
  }));
}

/** The statements among the texts of a file, and the uses in the others. */
function inLiterals(
  file: CodeFile,
  { literals, names, code, known }: {
    readonly literals: readonly Literal[];
    readonly names: readonly Names[];
    readonly code: CodeText | null;
    readonly known: KnownModels;
  },
): Omit<FoundUses, "named"> {
  const uses: Use[] = [];
  const queries: FoundQuery[] = [];
  for (const literal of literals) {
    const at = (offset: number) => sourceOffset(literal.parts, offset);
    if (isQuery(literal.value) || code === null) {
      const query = queryUses(file, literal, names, at);
      if (query === null) continue;
      if (isQuery(literal.value)) queries.push(query);
      else if (KEPT_CODE.test(literal.value)) uses.push(...query.uses);
    } else {
      for (const each of names) {
        const models = known.get(each)?.get(file.path) ?? [];
        uses.push(...stringUses(code, literal, each, { models, at }));
      }
    }
  }
  return { uses, queries };
}

/** The models of each target in each file. */
async function knownModels(
  codes: readonly CodeText[],
  names: readonly Names[],
  pause: () => Promise<void>,
): Promise<KnownModels> {
  const found = new Map<Names, Map<string, readonly Model[]>>();
  for (const each of names) found.set(each, new Map());
  const declared = new Map<CodeText, ReturnType<typeof declarationsIn>>();
  for (const [index, code] of codes.entries()) {
    if (index % AT_ONCE === 0) await pause();
    const declarations = declarationsIn(code);
    declared.set(code, declarations);
    for (const each of names) {
      const models = modelsOf(code, declarations, each);
      if (models.length > 0) found.get(each)?.set(code.path, models);
    }
  }
  // What carries the columns around is called as the model is, where that is called otherwise than the table.
  for (const each of names) {
    const own = found.get(each);
    const tableKeys = keysWith(each, [...own?.values() ?? []].flat());
    if (own === undefined || tableKeys.size === each.tableKeys.size) continue;
    for (const [code, declarations] of declared) {
      const models = modelsOf(code, declarations, { ...each, tableKeys });
      if (models.length > 0) own.set(code.path, models);
    }
  }
  return found;
}

/** The spellings of a table with those of the models that say they are its own. */
function keysWith({ tableKeys }: Names, models: readonly Model[]): ReadonlySet<string> {
  const called = models.filter(({ isMapped }) => isMapped).map(({ name }) => spellingKey(name));
  return new Set([...tableKeys, ...called.filter((key) => key.length >= SHORTEST_KEY)]);
}

/** A shorter model's name is the beginning of too many others. */
const SHORTEST_KEY = 5;

/** Of several uses of a target in a line, the first. */
function onePerLine(uses: readonly Use[]): readonly Use[] {
  const seen = new Map<Target, Set<string>>();
  return uses.filter(({ target, file, line }) => {
    const places = seen.get(target) ?? new Set();
    seen.set(target, places);
    const place = `${line} ${file}`;
    if (places.has(place)) return false;
    places.add(place);
    return true;
  });
}
