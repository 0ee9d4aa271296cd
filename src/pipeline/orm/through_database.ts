/** A command that makes tables in a database of ours: what it leaves, written down as DDL. */

import { changesBetween } from "../../core/change.ts";
import { UsageError } from "../../core/error.ts";
import { rememberSecret } from "../../text/secrets.ts";
import type { DatabaseAddress } from "../../runtimes/runtime.ts";
import { note, type Project } from "../project.ts";
import { writtenDown } from "../plan/written_down.ts";
import { createDatabase } from "../scratch/create_database.ts";
import { inspect } from "../scratch/snapshot.ts";
import { startServer } from "../serve.ts";
import type { Beside } from "./read_models.ts";

/** Variables of a command. */
type Environment = Readonly<Record<string, string>>;

/**
 * Starts a scratch database of its own, runs the command with its address, and writes down what came out. Throws UsageError for a
 * command that makes nothing and where the database cannot be shared.
 */
export async function ddlThroughDatabase(
  project: Project,
  { before, scripts }: Beside,
  table: "orm" | "history",
  run: (environment: Environment) => Promise<unknown>,
): Promise<string> {
  const texts = scripts.map((text) => ({ path: "", text }));
  const silent = { ...project, emit: () => {} };
  const history = { migrations: [], notes: [] };
  await using server = await startServer(silent, { schema: texts, before, files: [], history });
  await using database = await createDatabase(silent, server, { before });
  const empty = await inspect(silent, database, { remember: false });
  if (database.share === undefined) {
    throw new UsageError(`Cannot give a command a database of ${server.runtime}`, {
      code: `${table}-door`,
      hint: `Choose another runtime${
        table === "orm" ? ', or a command that prints DDL: door = "print"' : ""
      }`,
    });
  }
  {
    await using shared = await database.share();
    rememberSecret(shared.address.password);
    await run(environmentFor(shared.address, project.config[table].env));
  }
  const target = await inspect(silent, database, { after: `the command of ${table}` });
  if (changesBetween(empty, target, { strictOrder: false }).length === 0) {
    throw new UsageError(`The command of ${table} made nothing in the database that it was given`, {
      code: `${table}-empty`,
      hint:
        'Its address stands in DATABASE_URL; where the application reads another variable, set it: env = { DB_URL = "{url}" }',
    });
  }
  for (const { kind, name } of target.unmodelled) {
    note(project, `${project.engine.dialect} ${kind} ${name} is not compared`);
  }
  const written = await writtenDown(silent, server, { target, migrations: [], before });
  if (!written.isProven) {
    note(
      project,
      `What the command of ${table} made cannot all be written down: ${
        written.wrong.slice(0, 5).join(", ")
      }`,
    );
  }
  return written.text;
}

/** The address under the usual names, and the variables of the settings with the parts of it in them. */
function environmentFor(address: DatabaseAddress, own: Environment): Environment {
  const parts: Readonly<Record<string, string>> = {
    ...address,
    port: address.port === 0 ? "" : String(address.port),
  };
  const filled = Object.entries(own).map(([name, value]) =>
    [name, value.replaceAll(/\{(\w+)\}/g, (whole, part: string) => parts[part] ?? whole)] as const
  );
  return { DATABASE_URL: address.url, AIM_ORM_URL: address.url, ...Object.fromEntries(filled) };
}
