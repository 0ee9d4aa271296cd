/** The server that a project is worked on with: the best runtime that can serve. */

import { removeDamagedAssets } from "../host/assets.ts";
import { type Config } from "../config/config.ts";
import type { Engine } from "../engines/engine.ts";
import { SetupError } from "../core/error.ts";
import { endLeftovers, type Leftover } from "../runtimes/leftovers/mod.ts";
import type { Limits } from "../runtimes/limits.ts";
import type { Runtime, Server, Target } from "../runtimes/runtime.ts";
import { isExact, note, type Project } from "./project.ts";
import type { Sources } from "./sources.ts";

/** Begins the start of the runtime that will probably serve, while the files are still being read. Only where the process ends itself. */
export function prepareServer(project: Project): void {
  const { config, engine, signal } = project;
  const wanted = wantedRuntime(project);
  const likely = engine.runtimes.find((runtime) =>
    wanted === null ? runtime.prepare !== undefined : runtime.name === wanted
  );
  const target = engine.target(project.version, [], project.anyVersion);
  likely?.refuses(target).then((refusal) => {
    if (refusal === null) likely.prepare?.({ target, signal, limits: limitsOf(config) });
  }, () => {});
}

/** Starts the best runtime that can serve. Throws SetupError with every refusal. */
export async function startServer(project: Project, sources: Sources): Promise<Server> {
  const { config, engine, version, emit, signal } = project;
  const scripts = [...sources.before ?? [], ...sources.schema, ...sources.files].map((file) =>
    file.text
  );
  const asked = targetOf(project, scripts);
  const wanted = wantedRuntime(project);
  await offerMissing(project, asked, wanted);
  const target = project.exact
    ? { ...asked, standIns: undefined }
    : await servingTarget(engine, asked, wanted);
  noteRegistered(project);
  const { standIns: _, ...whole } = target;
  const able = await ableRuntime(engine, whole, wanted);
  const runtime = able ?? await chooseRuntime(engine, target, wanted);
  const start = performance.now();
  emit({ type: "stage", stage: "start", state: "start", text: `starting ${runtime.name}` });
  const limits = limitsOf(config);
  const cleaning = endLeftovers();
  const server = await startMended(project, () => runtime.start(target, { emit, signal, limits }));
  noteLeftovers(project, await cleaning);
  const { standIns = [] } = server;
  for (const name of standIns) project.standIns.add(name);
  if (standIns.length === 1) {
    note(
      project,
      `${server.runtime} lacks the extension ${standIns[0]}: an empty one stands in for it`,
    );
  } else if (standIns.length > 1) {
    const names = standIns.join(", ");
    note(project, `${server.runtime} lacks the extensions ${names}: empty ones stand in for them`);
  }
  const ms = performance.now() - start;
  const text = `${server.runtime} ${server.version}`;
  emit({ type: "stage", stage: "start", state: "done", text, ms });
  if (target.anyVersion && !isExact(project, server.version)) {
    note(project, `Proven on ${engine.dialect} ${server.version}, not on ${version}`);
  }
  return server;
}

/** What runs that were killed left is gone; where it is not, the user hears of it. */
function noteLeftovers(project: Project, leftovers: readonly Leftover[]): void {
  for (const { what, pid, problem } of leftovers) {
    if (problem !== null) note(project, `Left by run ${pid} and still there: ${what}: ${problem}`);
  }
}

/** Where nothing here has the version, what can be fetched is offered. */
async function offerMissing(
  { engine, confirm, emit, signal }: Project,
  asked: Target,
  wanted: string | null,
): Promise<void> {
  if (confirm === undefined || asked.version === null || asked.anyVersion) return;
  if (await ableRuntime(engine, asked, wanted) !== null) return;
  for (const runtime of engine.runtimes) {
    const offer = wanted === null || runtime.name === wanted ? await runtime.offer?.(asked) : null;
    if (!offer) continue;
    if (await confirm(`Fetch ${offer.what} to prove on it?`)) await offer.fetch({ emit, signal });
    return;
  }
}

/** Functions and collations of the application are only stood in for. */
function noteRegistered(project: Project): void {
  const { functions, collations } = project.config.registered;
  const names = functions.map((text) => `${text.slice(0, text.lastIndexOf("/"))}()`);
  if (names.length > 0) {
    note(
      project,
      `Stand-ins for functions of the application, which give their first argument back: ${
        names.join(", ")
      }`,
    );
  }
  if (collations.length > 0) {
    note(
      project,
      `Stand-ins for collations of the application, which compare byte by byte: ${
        collations.join(", ")
      }`,
    );
  }
}

/** What a scratch database must be for the scripts of a project. */
export function targetOf(project: Project, scripts: readonly string[]): Target {
  const { config, engine, version, anyVersion } = project;
  return {
    ...engine.target(version, scripts, anyVersion),
    registered: config.registered,
    ...(project.devUrl === undefined ? {} : { devUrl: project.devUrl }),
    ...(config.definer === "strict" ? { definers: true } : {}),
    ...(project.superuser ? { superuser: true } : {}),
    ...(project.image === undefined ? {} : { image: project.image }),
    ...(config.runtime !== null || project.exact ? { mayFetch: true } : {}),
  };
}

/** Name of the only runtime that may serve, or null: an address of a server is given for use. */
export function wantedRuntime({ config, devUrl, engine }: Project): string | null {
  if (config.runtime !== null || devUrl === undefined) return config.runtime;
  return engine.runtimes.some(({ name }) => name === BY_ADDRESS) ? BY_ADDRESS : null;
}

const BY_ADDRESS = "url";

/** The target as it was asked for where some runtime serves that version, else in whatever version there is. */
export async function servingTarget(
  engine: Engine,
  target: Target,
  wanted: string | null,
): Promise<Target> {
  if (target.version === null || target.anyVersion) return target;
  const able = await ableRuntime(engine, target, wanted);
  return able === null ? { ...target, anyVersion: true } : target;
}

/** Starts; when that fails because embedded files are damaged, once more with files that are recreated. */
async function startMended(project: Project, start: () => Promise<Server>): Promise<Server> {
  try {
    return await start();
  } catch (error) {
    project.signal.throwIfAborted();
    const damaged = await removeDamagedAssets();
    if (damaged.length === 0) throw error;
    note(project, `Damaged and recreated: ${damaged.join(", ")}`);
    return await start();
  }
}

function limitsOf({ statementTimeout, memoryLimit }: Config): Limits {
  return { statementTimeout, memory: memoryLimit };
}

/** The best runtime that needs no stand-ins; null when there is none. */
async function ableRuntime(
  engine: Engine,
  target: Target,
  wanted: string | null,
): Promise<Runtime | null> {
  for (const runtime of engine.runtimes) {
    if (wanted !== null && runtime.name !== wanted) continue;
    if (wanted === null && target.version === null && runtime.needsVersion === true) continue;
    if (await runtime.refuses(target) === null) return runtime;
  }
  return null;
}

async function chooseRuntime(
  engine: Engine,
  target: Target,
  wanted: string | null,
): Promise<Runtime> {
  const candidates = engine.runtimes.filter(({ name }) => wanted === null || name === wanted);
  const refusals: string[] = [];
  for (const runtime of candidates) {
    const refusal = await runtime.refuses(target);
    if (refusal === null) return runtime;
    refusals.push(`${runtime.name}: ${refusal}`);
  }
  const name = `${target.dialect}${target.version === null ? "" : ` ${target.version}`}`;
  let mends: string | undefined;
  for (const runtime of candidates) mends ??= await runtime.mends?.(target) ?? undefined;
  throw new SetupError(
    `Cannot run ${name} on this machine\n${refusals.map((r) => `  ${r}`).join("\n")}`,
    { code: "no-runtime", ...(mends === undefined ? {} : { hint: `Run \`${mends}\`` }) },
  );
}
