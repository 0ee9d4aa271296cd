/** `aim runtime`. */

import { EXIT, SetupError, UsageError } from "../../core/error.ts";
import { answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";

/** Fetches, lists and removes database servers for scratch databases. */
export const runtime: Command = {
  name: "runtime",
  summary: "Fetch a database server of another version, list what there is, or remove one",
  more: [
    "`aim runtime add postgres-17` fetches that version's server from the npm registry in force, checks it against the hash that aim knows, and unpacks it into aim's cache. It serves as runtime `local` from then on.",
    "The registry is that of `npm_config_registry` or of your own .npmrc; `HTTPS_PROXY` is honoured. Neither Node nor npm is needed.",
  ],
  arguments: [
    { name: "action", required: true, summary: "add, list or remove" },
    { name: "version", required: false, summary: "postgres-17" },
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
    if (action === "add") return await add(majorOf(name), context);
    if (action === "remove") return await remove(majorOf(name), context);
    throw new UsageError(`Cannot do "${[action, name].filter(Boolean).join(" ")}"`, {
      code: "argument",
      hint:
        "use `aim runtime add postgres-17`, `aim runtime list` or `aim runtime remove postgres-17`",
    });
  },
};

/** The major version of `postgres-17`. */
function majorOf(name: string | undefined): number {
  const major = /^postgres-(\d+)(?:\.\d+)?$/.exec(name ?? "")?.[1];
  if (major !== undefined) return Number(major);
  throw new UsageError(
    name === undefined ? "The version is missing" : `Cannot fetch a server for "${name}"`,
    { code: "argument", hint: "write the engine and its major version: postgres-17" },
  );
}

async function add(major: number, { variables, emit, signal }: Context): Promise<Reply> {
  const { addBuild } = await import("../../runtimes/local_postgres/add_build.ts");
  const { buildOf, buildsHere } = await import("../../runtimes/local_postgres/builds.ts");
  const build = buildOf(major);
  if (build === null) {
    const known = buildsHere().map((other) => `postgres-${other.major}`);
    throw new SetupError(`Cannot fetch Postgres ${major}: there is no build for this machine`, {
      code: "runtime-add",
      hint: known.length === 0
        ? "Install a server by your system's packages; aim finds it"
        : `There are ${known.join(", ")}`,
    });
  }
  const folder = await addBuild(build, { variables, emit, signal });
  return {
    exit: EXIT.ok,
    lasting: true,
    json: { outcome: "added", name: `postgres-${major}`, version: build.version, folder },
    pieces: [talk((paint) => `${paint.green("added")} postgres-${major} in ${folder}\n`)],
  };
}

async function list({ variables }: Context): Promise<Reply> {
  const { buildsHere } = await import("../../runtimes/local_postgres/builds.ts");
  const { findServers, MAJORS } = await import("../../runtimes/local_postgres/find_server.ts");
  const builds = buildsHere();
  const rows = MAJORS.map((major) => {
    const [found] = findServers([major], variables);
    const build = builds.find((other) => other.major === major);
    return {
      name: `postgres-${major}`,
      version: found?.version ?? null,
      folder: found?.bin ?? null,
      megabytes: build === undefined ? null : Math.ceil(build.bytes / 1e6),
    };
  });
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

async function remove(major: number, { variables }: Context): Promise<Reply> {
  const { removeBuild } = await import("../../runtimes/local_postgres/add_build.ts");
  const removed = await removeBuild(major, variables);
  const name = `postgres-${major}`;
  return {
    exit: EXIT.ok,
    json: { outcome: removed ? "removed" : "ok", name },
    pieces: [talk(() => removed ? `removed ${name}\n` : `${name} was not fetched by aim\n`)],
  };
}
