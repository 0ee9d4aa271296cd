/** Rules of a project: queries over the catalog of the state after a migration, whose rows are findings. */

import type { OwnRule } from "../../config/config.ts";
import { DatabaseError, UsageError } from "../../core/error.ts";
import type { Finding } from "../../core/finding.ts";
import type { ExaminedStatement } from "../../rules/rule.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";

/** The rows of each rule at one moment, as JSON. */
export type OwnRows = ReadonlyMap<OwnRule, readonly string[]>;

/** The most rows of a rule that are told of one migration. */
const MOST_ROWS = 50;

/** Runs the rules that are on. Each is one query, in a transaction that is rolled back. Throws UsageError for one that cannot be run. */
export async function ownRows(
  { config, engine }: Project,
  database: ScratchDatabase,
): Promise<OwnRows> {
  const found = new Map<OwnRule, readonly string[]>();
  for (const rule of config.rules) {
    if (config.lint[rule.code] === "off") continue;
    const [statement, ...more] = engine.split(rule.sql);
    const isQuery = QUERY.has(firstWord(statement?.sql ?? ""));
    if (statement === undefined || more.length > 0 || !isQuery) {
      throw refusal(
        config.places?.rule,
        rule,
        "its sql is not one query",
      );
    }
    await database.exec("BEGIN");
    try {
      const rows = await database.query<Readonly<Record<string, unknown>>>(statement.sql);
      found.set(rule, rows.map((row) => JSON.stringify(row)));
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw refusal(config.places?.rule, rule, error.message);
    } finally {
      await database.exec("ROLLBACK");
    }
  }
  return found;
}

/** What a query begins with; nothing else is run, though it would be rolled back. */
const QUERY = new Set(["select", "with", "values"]);

function firstWord(sql: string): string {
  return /^\w+/.exec(sql)?.[0].toLowerCase() ?? "";
}

/** Findings for the rows that were not there before the migration. */
export function ownFindings(
  { config }: Project,
  { before, after, statements, migration }: {
    readonly before: OwnRows;
    readonly after: OwnRows;
    readonly statements: readonly ExaminedStatement[];
    readonly migration: string;
  },
): readonly Finding[] {
  return [...after].flatMap(([rule, rows]) => {
    const old = new Set(before.get(rule));
    const severity = severityOf(config.lint[rule.code]) ?? rule.severity;
    return rows.filter((row) => !old.has(row)).slice(0, MOST_ROWS).map((row): Finding => {
      const values: Readonly<Record<string, unknown>> = JSON.parse(row);
      const place = (statementOf(statements, values) ?? statements[0])?.place;
      return {
        code: rule.code,
        severity,
        message: filled(rule.message, values),
        migration,
        direction: "up",
        ...place === undefined ? {} : { place },
      };
    });
  });
}

/** The first statement that names something of the row. */
function statementOf(
  statements: readonly ExaminedStatement[],
  values: Readonly<Record<string, unknown>>,
): ExaminedStatement | undefined {
  const names = Object.values(values).filter((value) => typeof value === "string")
    .map((value) => value.slice(value.lastIndexOf(".") + 1)).filter((name) => name.length > 1);
  return statements.find(({ sql }) => names.some((name) => sql.includes(name)));
}

/** The message, with `{column}` as the row has it; without any, the row behind it. */
function filled(message: string, values: Readonly<Record<string, unknown>>): string {
  const text = message.replaceAll(
    /\{(\w+)\}/g,
    (whole, name: string) => Object.hasOwn(values, name) ? shown(values[name]) : whole,
  );
  return text === message ? `${message}: ${Object.values(values).map(shown).join(", ")}` : text;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "NULL";
  const flat = text.replaceAll(/\s+/g, " ");
  return flat.length > 80 ? `${flat.slice(0, 80)}...` : flat;
}

function severityOf(text: string | undefined): Finding["severity"] | null {
  return text === "info" || text === "warning" || text === "error" ? text : null;
}

function refusal(
  at: object | undefined,
  { code }: OwnRule,
  reason: string,
): UsageError {
  return new UsageError(`Cannot run the rule ${code}: ${reason}`, {
    code: "rule",
    hint: "a rule's sql is a query over the catalog; each row that it gives is a finding",
    ...at,
  });
}
