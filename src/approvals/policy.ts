/** `aim.policy.toml`: whose approval a migration needs, and whose keys count. Read as data; nothing here runs. */

import { parseToml, type TomlFile } from "../config/toml.ts";
import { UsageError } from "../core/error.ts";
import { wildcard } from "../text/wildcard.ts";

/** Name of the file, beside aim.toml. */
export const POLICY_FILE = "aim.policy.toml";

/** A condition, and whose approvals it asks for. */
export interface ApprovalRule {
  /** `any`, `destroys`, a severity (that one and graver), or a code of `aim lint`; one of them is enough. */
  readonly when: readonly string[];
  /** Tables, `*` allowed; any when empty. */
  readonly tables: readonly string[];
  /** Owner of a touched table; null for any. */
  readonly owner: string | null;
  /** The only environments in which it holds; all when empty. */
  readonly environments: readonly string[];
  /** From and to, in hours of UTC, `to` excluded, over midnight too; null for the whole day. */
  readonly hours: readonly [from: number, to: number] | null;
  /** A group, an owner's name, or one person's address; `owner`: the owner of each touched table. */
  readonly by: string;
  readonly count: number;
}

/** The whole file. */
export interface Policy {
  readonly approvals: readonly ApprovalRule[];
  /** Addresses of the people in each group. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Who owns the tables of a pattern; the last one that fits counts, as in CODEOWNERS. */
  readonly owners: readonly { readonly tables: string; readonly by: string }[];
  /** The file of public SSH keys, as `ssh-keygen` reads it; relative to the folder of the policy. Null for none. */
  readonly allowedSigners: string | null;
  /** People by the fingerprints of their GPG keys, in capitals without blanks. */
  readonly gpg: Readonly<Record<string, string>>;
  /** Milliseconds that an approval counts; null without end. */
  readonly expires: number | null;
}

const KEYS = ["approvals", "groups", "owners", "allowed_signers", "gpg", "expires"];
const RULE_KEYS = ["when", "tables", "owner", "environment", "hours", "by", "count"];

/** Reads the text of the file. Throws UsageError with its place for what is not understood: a rule that is misread protects nothing. */
export async function parsePolicy(text: string): Promise<Policy> {
  const file = await parseToml(POLICY_FILE, text);
  const { values } = file;
  unknownKey(file, values, KEYS);
  const rules = values.approvals ?? [];
  if (!Array.isArray(rules)) throw fault(file, "approvals", "Cannot use approvals: it is no list");
  const groups = lists(file, "groups", values.groups ?? {});
  const policy: Policy = {
    approvals: rules.map((rule, at) => ruleOf(file, rule, `rule ${at + 1} of approvals`)),
    groups,
    owners: Object.entries(texts(file, "owners", values.owners ?? {}))
      .map(([tables, by]) => ({ tables, by })),
    allowedSigners: text1(file, "allowed_signers", values.allowed_signers ?? null),
    gpg: Object.fromEntries(
      Object.entries(texts(file, "gpg", values.gpg ?? {}))
        .map(([key, who]) => [key.replaceAll(/\s/g, "").toUpperCase(), who]),
    ),
    expires: durationOf(file, values.expires ?? null),
  };
  for (const { by } of policy.approvals) {
    const isKnown = by === "owner" || by in groups || by.includes("@");
    if (!isKnown) throw fault(file, "by", `There is no group "${by}"`);
  }
  return policy;
}

function ruleOf(file: TomlFile, value: unknown, what: string): ApprovalRule {
  if (!isTable(value)) throw fault(file, "approvals", `Cannot use ${what}: it is no table`);
  unknownKey(file, value, RULE_KEYS);
  const { when = "any", tables = [], owner = null, environment = [], hours = null, by, count = 1 } =
    value;
  if (typeof by !== "string" || by === "") {
    throw fault(file, "approvals", `Cannot use ${what}: it says not by whom`);
  }
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1 || count > 100) {
    throw fault(file, "count", `Cannot use the count of ${what}: write a number from 1 on`);
  }
  return {
    when: oneOrMore(file, "when", when),
    tables: oneOrMore(file, "tables", tables),
    owner: text1(file, "owner", owner),
    environments: oneOrMore(file, "environment", environment),
    hours: hoursOf(file, hours),
    by,
    count,
  };
}

function hoursOf(file: TomlFile, value: unknown): ApprovalRule["hours"] {
  if (value === null) return null;
  const match = typeof value === "string" ? /^(\d{1,2})-(\d{1,2})$/.exec(value) : null;
  const [from, to] = [Number(match?.[1] ?? 99), Number(match?.[2] ?? 99)];
  if (from <= 23 && to <= 24 && from !== to) return [from, to];
  throw fault(file, "hours", `Cannot use the hours ${JSON.stringify(value)}: write "22-6", in UTC`);
}

function durationOf(file: TomlFile, value: unknown): number | null {
  if (value === null) return null;
  const milliseconds = typeof value === "string" ? parseAge(value) : null;
  if (milliseconds !== null) return milliseconds;
  throw fault(file, "expires", `Cannot use expires ${JSON.stringify(value)}: write "30d" or "12h"`);
}

/** Milliseconds of `12h`, `30d` or `4w`; null for anything else. */
export function parseAge(text: string): number | null {
  const match = /^([1-9]\d{0,4})([hdw])$/.exec(text);
  const hours = { h: 1, d: 24, w: 168 }[match?.[2] ?? ""];
  return hours === undefined ? null : Number(match?.[1]) * hours * 3_600_000;
}

function oneOrMore(file: TomlFile, key: string, value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.every((one) => typeof one === "string" && one !== "")) return list;
  throw fault(file, key, `Cannot use ${key}: write a text or a list of texts`);
}

function lists(file: TomlFile, key: string, value: unknown): Policy["groups"] {
  if (!isTable(value)) throw fault(file, key, `Cannot use ${key}: it is no table`);
  return Object.fromEntries(
    Object.entries(value).map(([name, list]) => [name, oneOrMore(file, name, list)]),
  );
}

function texts(file: TomlFile, key: string, value: unknown): Readonly<Record<string, string>> {
  if (!isTable(value)) throw fault(file, key, `Cannot use ${key}: it is no table`);
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      if (typeof text !== "string") throw fault(file, name, `Cannot use ${name}: it is no text`);
      return [name, text];
    }),
  );
}

function text1(file: TomlFile, key: string, value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  throw fault(file, key, `Cannot use ${key}: it is no text`);
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unknownKey(
  file: TomlFile,
  table: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  const unknown = Object.keys(table).find((key) => !known.includes(key));
  if (unknown !== undefined) throw fault(file, unknown, `Unknown key "${unknown}"`);
}

function fault(file: TomlFile, key: string, message: string): UsageError {
  return new UsageError(`${message} in ${file.path}`, {
    code: "policy",
    hint: "docs/approvals.md shows the file",
    ...(file.locate(key) ?? {}),
  });
}

/** The owner of a table, `public.users` or `users`; null for none. */
export function ownerOf({ owners }: Policy, table: string): string | null {
  const bare = table.slice(table.lastIndexOf(".") + 1);
  return owners.findLast(({ tables }) => {
    const fits = wildcard(tables);
    return fits(table) || fits(bare);
  })?.by ?? null;
}

/** The people of a group; of an address itself. */
export function peopleOf({ groups }: Policy, by: string): readonly string[] {
  return Object.hasOwn(groups, by) ? groups[by] ?? [] : by.includes("@") ? [by] : [];
}
