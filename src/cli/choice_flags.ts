/** The flags that settle a choice: as a plan shows them, and as they are read again. */

import { flagOf } from "../config/config.ts";
import { UsageError } from "../core/error.ts";
import {
  type Answer,
  ASSUME_EMPTY,
  type Choice,
  type ChoiceOption,
  type Rename,
} from "../core/choice.ts";

/** The flag that settles a choice by one of its options: `--rename` for a rename, that of a setting, else `--answer`. */
export function optionFlag(choice: Pick<Choice, "id" | "shortId">, option: ChoiceOption): string {
  const { id, rename, setting, takesExpression, sample = "EXPRESSION" } = option;
  if (rename !== undefined) return renameFlag(rename);
  if (setting !== undefined) return `${flagOf(setting.key)} ${setting.value}`;
  return answerFlag(choice.shortId ?? choice.id, id, takesExpression === true ? sample : undefined);
}

/** `--answer 'fill:public.users.email=expression=now()'`, quoted for a shell where needed. */
export function answerFlag(choice: string, option: string, expression?: string): string {
  const parts = [escaped(choice), escaped(option), ...expression === undefined ? [] : [expression]];
  return `--answer ${shellWord(parts.join("="))}`;
}

/** `--rename table:people=users`; `kind` where a name alone does not tell. */
export function renameFlag({ kind, from, to }: Pick<Rename, "kind" | "from" | "to">): string {
  const prefix = kind === null ? "" : `${kind}:`;
  const name = escaped(from).replaceAll(":", encodeURIComponent);
  return `--rename ${shellWord(`${prefix}${name}=${escaped(to)}`)}`;
}

/** Reads `users.fullname=name` or `table:people=users`. Throws UsageError for anything else. */
export function readRename(text: string): Rename {
  const match = /^(?:([a-z][a-z ]*):)?([^=]+)=([^=]+)$/.exec(text);
  if (match === null) {
    throw new UsageError(`Cannot read --rename "${text}"`, {
      code: "flag-value",
      hint:
        "write --rename users.fullname=name for a column, --rename table:people=users for a table; an equals sign inside a name is written %3D",
    });
  }
  const [, kind = null, from = "", to = ""] = match;
  return { kind, from: unescaped(from.trim()), to: unescaped(to.trim()), by: "flag" };
}

/** Answers by choice id, and who said that tables are empty. */
export interface StatedAnswers {
  readonly answers: ReadonlyMap<string, Answer>;
  readonly assumeEmpty: Answer["by"] | null;
}

/**
 * The answers of `--answer` over those of aim.toml; `data=assume-empty` answers all choices about rows. Throws UsageError for what
 * cannot be read, and for two flags that contradict each other.
 */
export function readAnswers(
  flags: readonly string[],
  settings: Readonly<Record<string, string>>,
): StatedAnswers {
  const given = new Map<string, Answer>();
  for (const [id, answer] of flags.map(readAnswer)) {
    const other = given.get(id);
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(answer)) {
      throw new UsageError(`Cannot answer ${id} twice: give one --answer`, { code: "flag-value" });
    }
    given.set(id, answer);
  }
  const written = Object.entries(settings).map(([id, text]) =>
    [id, { ...answerOf(text), by: "settings" }] as const
  );
  const all = new Map<string, Answer>([...written, ...given]);
  const data = all.get(ALL_DATA);
  all.delete(ALL_DATA);
  if (data === undefined) return { answers: all, assumeEmpty: null };
  if (data.expression !== undefined || ![ASSUME_EMPTY, "fail"].includes(data.option)) {
    throw new UsageError(`Cannot answer ${ALL_DATA} with "${data.option}"`, {
      code: "flag-value",
      hint: `the only answer to all choices about rows is ${ASSUME_EMPTY}`,
    });
  }
  return { answers: all, assumeEmpty: data.by };
}

/** Stands for every choice about rows. */
const ALL_DATA = "data";

/** `option` or `option=expression`, without who said so. */
function answerOf(text: string): Omit<Answer, "by"> {
  const at = text.indexOf("=");
  return at < 0
    ? { option: text.trim() }
    : { option: text.slice(0, at).trim(), expression: text.slice(at + 1) };
}

/** Reads `id=option` or `id=option=expression` into an entry of the answers. Throws UsageError for anything else. */
export function readAnswer(text: string): readonly [id: string, answer: Answer] {
  const match = /^([^=]+)=([^=]+)(?:=(.*))?$/s.exec(text);
  if (match === null) {
    throw new UsageError(`Cannot read --answer "${text}"`, {
      code: "flag-value",
      hint: "write it as the open choice shows it: --answer <id>=<option>",
    });
  }
  const [, id = "", option = "", expression] = match;
  const answer = { option: unescaped(option), by: "flag" } as const;
  return [unescaped(id), expression === undefined ? answer : { ...answer, expression }];
}

/** A name may hold the signs that stand between the parts of a flag. */
function escaped(name: string): string {
  return name.replaceAll(/[=%]/g, encodeURIComponent);
}

function unescaped(text: string): string {
  return text.replaceAll(/%(?:3D|3A|25)/gi, decodeURIComponent);
}

function shellWord(text: string): string {
  if (/^[\w.:=/@%+,-]+$/.test(text)) return text;
  // An apostrophe reads best between double quotes, where the shell leaves the rest alone.
  if (text.includes("'") && !/["$`\\!\n]/.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
