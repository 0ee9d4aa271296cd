/** Labelled statements, linted on servers that serve all of them: a server for each engine and version. */

import { loadConfig } from "../../src/config/config.ts";
import type { Finding } from "../../src/core/finding.ts";
import type { Migration } from "../../src/formats/format.ts";
import { sentBy } from "../../src/formats/transaction_mode.ts";
import {
  lintOn,
  openProject,
  type Project,
  type Sources,
  startServer,
} from "../../src/pipeline/mod.ts";
import { mysqlLocal } from "../../src/runtimes/mysql_local.ts";
import type { Server } from "../../src/runtimes/runtime.ts";

/** Statements on a schema, with the codes that must be found and those that must not. */
export interface LintCase {
  readonly id: string;
  readonly engine: string;
  readonly setup: string;
  readonly sql: string;
  readonly expect: readonly string[];
  readonly forbid: readonly string[];
  /** Major version of the deployed server. */
  readonly target?: string | number;
  readonly run_outside_tx?: boolean;
}

/** The codes that were not found although they must be, and those that were although they must not. */
export function compared({ expect, forbid }: LintCase, found: readonly string[]) {
  return {
    missing: expect.filter((code) => !found.includes(code)),
    wrong: forbid.filter((code) => found.includes(code)),
  };
}

/** Servers, begun when a case first needs them. */
export class CaseLinter implements AsyncDisposable {
  readonly #serving = new Map<string, Promise<Serving>>();

  /** The codes that all rules find, those that are only used where they are asked for as well. */
  async codesOf(one: LintCase): Promise<readonly string[]> {
    const findings = await this.findingsOf(one, true);
    return [...new Set(findings.map(({ code }) => code))];
  }

  /** The findings, the gravest rules first; `isStrict` uses the rules as well that are only used where they are asked for. */
  async findingsOf(
    one: Omit<LintCase, "id" | "expect" | "forbid">,
    isStrict: boolean,
  ): Promise<readonly Finding[]> {
    const sources = sourcesOf(one);
    const { project, server } = await this.#served(await served(one.engine), one.target, sources);
    const options = { selection: { latest: 1 }, isStrict };
    return (await lintOn(project, server, sources, options)).findings;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const serving of this.#serving.values()) {
      await (await serving).server[Symbol.asyncDispose]();
    }
    this.#serving.clear();
  }

  #served(engine: string, target: LintCase["target"], sources: Sources): Promise<Serving> {
    const spec = target === undefined ? engine : `${engine}-${target}`;
    // A setup that names an extension or a module may need another runtime.
    const isPlain = !/\bcreate\s+(?:extension|virtual)/i.test(textOf(sources));
    const key = isPlain ? spec : `${spec} ${textOf(sources)}`;
    const known = this.#serving.get(key);
    if (known !== undefined) return known;
    const begun = serve(spec, sources);
    this.#serving.set(key, begun);
    return begun;
  }
}

interface Serving {
  readonly project: Project;
  readonly server: Server;
}

async function serve(spec: string, sources: Sources): Promise<Serving> {
  const { config } = await loadConfig({
    folder: "/",
    flags: { engine: [spec], format: ["migrate"] },
    variables: {},
  });
  const project = await openProject(config, {
    emit: () => {},
    signal: new AbortController().signal,
    anyVersion: true,
  });
  return { project, server: await startServer(project, sources) };
}

/** MySQL's cases run on MariaDB where there is no MySQL. */
async function served(dialect: string): Promise<string> {
  if (dialect !== "mysql") return dialect;
  const target = { dialect, version: null, needs: [], anyVersion: true };
  return await mysqlLocal.refuses(target) === null ? dialect : "mariadb";
}

function textOf({ history: { migrations } }: Sources): string {
  return migrations.map(({ up }) => up.text).join("\n");
}

function sourcesOf(
  { engine, setup, sql, run_outside_tx }: Pick<
    LintCase,
    "engine" | "setup" | "sql" | "run_outside_tx"
  >,
): Sources {
  const transaction = run_outside_tx === true ? "none" : "auto";
  const sent = run_outside_tx === true ? {} : sentBy("migrate", engine);
  // Settings of the setup hold for the statement as well.
  const settings = setup.match(/(?<=^|;)\s*set\s[^;]+;/gi)?.join("") ?? "";
  const migrations = [setup, settings + sql].filter((text) => text !== "").map((
    text,
    at,
  ): Migration => ({
    version: String(at + 1),
    name: at === 0 && setup !== "" ? "setup" : "case",
    up: { file: `${at + 1}.sql`, text, transaction, ...sent },
    down: null,
    files: [`${at + 1}.sql`],
  }));
  return { schema: [], files: [], history: { migrations, notes: [] } };
}
