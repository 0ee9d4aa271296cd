/** Postgres of any version in a container, by Docker or Podman: one for a run, with no network, gone with it. */

import { randomBytes } from "node:crypto";
import { DatabaseError, SetupError } from "../core/error.ts";
import { Container, presentImage } from "./docker/container.ts";
import { findEngine } from "./docker/engine.ts";
import { IMAGE_NAME, imageFor, imageWith, missingIn } from "./docker/images.ts";
import { Tunnel } from "./docker/tunnel.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { openPostgresServer } from "./postgres_server/server.ts";
import type { Runtime, Server, Target } from "./runtime.ts";

/** See the module's comment. */
export const docker: Runtime = {
  name: "docker",

  refuses: refusal,

  mends: ({ dialect, image }) =>
    Promise.resolve(dialect === "postgres" && image?.isTrusted === false ? "aim trust" : null),

  async start(target, { emit, signal, limits = DEFAULT_LIMITS }): Promise<Server> {
    signal.throwIfAborted();
    const engine = await findEngine();
    if (typeof engine === "string") {
      throw new SetupError(`Cannot start a container: ${engine}`, { code: "no-runtime" });
    }
    const image = imageFor(target);
    const password = randomBytes(18).toString("hex");
    const { memory } = limits;
    const container = await Container.start({ engine, image, password, memory, emit, signal });
    const tunnel = new Tunnel(engine, container.name, PORT);
    const stop = async () => {
      tunnel.close();
      await container[Symbol.asyncDispose]();
    };
    try {
      const address = {
        host: `container ${container.name}`,
        port: PORT,
        user: "postgres",
        password,
        database: "template1",
        tls: "disable",
        connectTimeout: START_TIMEOUT,
        connect: () => tunnel.connect(),
      } as const;
      const options = { runtime: "docker", address, isPrivate: true, signal, limits, stop };
      const server = await patiently(container, () => openPostgresServer(options));
      tunnel.ready();
      return server;
    } catch (error) {
      const failure = error instanceof DatabaseError ? await container.failure() : null;
      await stop();
      signal.throwIfAborted();
      if (failure === null) throw error;
      throw new SetupError(`Cannot start ${image}: ${failure}`, {
        code: "no-runtime",
        hint: `It must be an image of a Postgres server that is set up as the official ones are`,
      });
    }
  },
};

/** Tries until the server takes sessions, or its container has ended. */
async function patiently(container: Container, open: () => Promise<Server>): Promise<Server> {
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const isEarly = error instanceof DatabaseError && EARLY.has(error.code);
      if (!isEarly || Date.now() > deadline || await container.failure() !== null) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
}

/** What a server says, or does not, before it is ready. */
const EARLY: ReadonlySet<string> = new Set(["08006", "57P03"]);

async function refusal(target: Target): Promise<string | null> {
  if (target.dialect !== "postgres") return `containers of ${target.dialect} are not started`;
  const image = imageFor(target);
  if (!IMAGE_NAME.test(image)) return `"${image}" is not the name of an image`;
  if (target.image?.isTrusted === false) {
    return `aim.toml names the image ${image}, a program that would be fetched and run: \`aim trust\` allows it`;
  }
  const engine = await findEngine();
  if (typeof engine === "string") return engine;
  const missing = missingIn(target);
  if (missing.length > 0) return lacking(target, missing);
  if (target.mayFetch === true || await presentImage(engine, image) !== null) return null;
  return `the image ${image} is not here: \`${engine.program} pull ${image}\` fetches it`;
}

function lacking(target: Target, missing: readonly string[]): string {
  const names = missing.map((name) => `"${name}"`).join(", ");
  const settings = missing.map((name) => imageWith(name, target.version));
  const setting = settings.find((text) => text !== null) ?? '[docker] postgres = "<an image>"';
  return `the image ${imageFor(target)} does not have the extension${
    missing.length > 1 ? "s" : ""
  } ${names}: aim.toml can name one that has, ${setting}`;
}

const PORT = 5432;

/** Milliseconds between two attempts. */
const BETWEEN = 50;

/** Milliseconds until a server that is being made ready is given up. */
const START_TIMEOUT = 120_000;
