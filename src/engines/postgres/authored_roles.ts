/** Roles as their author named them: `CURRENT_USER` is who runs the migration, and not who ran it on the scratch server. */

import type { Statement } from "../../core/statement.ts";
import { type CodeToken, codeTokens } from "./code_tokens.ts";

/**
 * A statement that grants, hands over or protects, with `CURRENT_USER` (or what else means the session's own role) where the script's
 * statement about the same object has it, and the other way round; null for a statement that names no role.
 */
export function withAuthoredRoles(sql: string, script: readonly Statement[]): string | null {
  const planned = rolesOf(sql);
  if (planned === null) return null;
  const same = script.toReversed().flatMap((other) => {
    const written = rolesOf(other.sql);
    return written?.subject === planned.subject ? [{ other, written }] : [];
  });
  const has = (list: readonly CodeToken[], role: CodeToken) =>
    list.some(({ text }) => text === role.text);
  if (same.some(({ written }) => planned.roles.every((role) => has(written.roles, role)))) {
    return sql;
  }
  for (const { other, written } of same) {
    const ours = planned.roles.filter((role) => !has(written.roles, role));
    const theirs = written.roles.filter((role) => !has(planned.roles, role));
    const pair = pairOf(ours, theirs);
    if (pair === null) continue;
    const [old, own] = pair;
    return sql.slice(0, old.start) + other.sql.slice(own.start, own.end) + sql.slice(old.end);
  }
  return sql;
}

/** The two that may be one role: one is a name, the other a word for the session's. */
function pairOf(
  ours: readonly CodeToken[],
  theirs: readonly CodeToken[],
): readonly [CodeToken, CodeToken] | null {
  for (const old of ours) {
    const own = theirs.find(({ text }) => SESSION.has(text) || SESSION.has(old.text));
    if (own !== undefined && own.text !== "PUBLIC" && old.text !== "PUBLIC") return [old, own];
  }
  return null;
}

const SESSION = new Set(["CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "USER"]);

interface Roles {
  /** What the statement is about. */
  readonly subject: string;
  readonly roles: readonly CodeToken[];
}

const MENTIONS =
  /^\s*(?:--[^\n]*\n\s*|\/\*.*?\*\/\s*)*(?:GRANT|REVOKE|(?:CREATE|ALTER)\s+POLICY|(?:CREATE|ALTER|DROP)\s+USER\s+MAPPING|ALTER\s)/is;

function rolesOf(sql: string): Roles | null {
  if (!MENTIONS.test(sql)) return null;
  const tokens = codeTokens(sql);
  const place = (word: string) => tokens.findIndex(({ text }) => text === word);
  const [first, second] = [tokens[0]?.text ?? "", tokens[1]?.text ?? ""];
  if (second === "POLICY") {
    const end = Math.min(...["FOR", "AS", "TO", "USING", "WITH"].map((word) => after(place(word))));
    return read(tokens, subjectOf("POLICY", tokens.slice(2, end)), place("TO"));
  }
  if (second === "USER" && tokens[2]?.text === "MAPPING") {
    const server = place("SERVER");
    const name = tokens.slice(server + 1, server + 2);
    return read(tokens, subjectOf("MAPPING", name), place("FOR"));
  }
  if (first === "GRANT" || first === "REVOKE") {
    const to = place(first === "GRANT" ? "TO" : "FROM");
    return place("ON") < 0
      ? null
      : read(tokens, subjectOf("GRANT", tokens.slice(place("ON") + 1, after(to))), to);
  }
  if (first === "ALTER" && second === "DEFAULT") {
    const grant = place("ON");
    const to = tokens.findIndex(({ text }, at) => at > grant && (text === "TO" || text === "FROM"));
    return read(tokens, subjectOf("DEFAULT", tokens.slice(grant, after(to))), to);
  }
  const owner = place("OWNER");
  return first !== "ALTER" || tokens[owner + 1]?.text !== "TO"
    ? null
    : read(tokens, subjectOf("OWNER", tokens.slice(1, owner)), owner + 1);
}

function after(at: number): number {
  return at < 0 ? Infinity : at;
}

/** Words that may be left out. */
const NOISE = new Set(["TABLE", "IF", "EXISTS", "ONLY"]);

function subjectOf(kind: string, tokens: readonly CodeToken[]): string {
  const words = tokens.filter(({ text }, at) =>
    !NOISE.has(text) && !(text === "PUBLIC" && tokens[at + 1]?.text === ".") &&
    !(text === "." && tokens[at - 1]?.text === "PUBLIC")
  );
  return [kind, ...words.map(({ text }) => text)].join(" ");
}

/** The names behind the token at `at`, up to what is none. */
function read(tokens: readonly CodeToken[], subject: string, at: number): Roles | null {
  if (at < 0) return null;
  const roles: CodeToken[] = [];
  for (let next = at + 1; next < tokens.length; next += 2) {
    if (tokens[next]?.text === "GROUP") next++;
    const role = tokens[next];
    if (role === undefined || !role.isName) break;
    roles.push(role);
    if (tokens[next + 1]?.text !== ",") break;
  }
  return roles.length === 0 ? null : { subject, roles };
}
