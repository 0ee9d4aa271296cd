/** Postgres of any version in a container, by Docker or Podman: one for a run, with no network, gone with it. */

import { randomBytes } from "node:crypto";
import { DatabaseError, SetupError } from "../core/error.ts";
import { Container } from "./docker/container.ts";
import { findEngine } from "./docker/engine.ts";
import { imageFor, imageWith, missingIn } from "./docker/images.ts";
import { Tunnel } from "./docker/tunnel.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { openPostgresServer } from "./postgres_server/server.ts";
import type { Runtime, Server, Target } from "./runtime.ts";

/** See the module's comment. */
export const docker: Runtime = {
  name: "docker",

  async refuses(target: Target): Promise<string | null> {
    if (target.dialect !== "postgres") return `containers of ${target.dialect} are not started`;
    const engine = await findEngine();
    if (typeof engine === "string") return engine;
    const missing = missingIn(target);
    if (missing.length === 0) return null;
    const names = missing.map((name) => `"${name}"`).join(", ");
    const settings = missing.map((name) => imageWith(name, target.version)).filter((text) =>
      text !== null
    );
    const setting = settings[0] ?? '[docker] postgres = "an image that has it"';
    return `the image ${imageFor(target)} does not have the extension${
      missing.length > 1 ? "s" : ""
    } ${names}: aim.toml can name another, ${setting}`;
  },

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
      return await openPostgresServer({
        runtime: "docker",
        address,
        isPrivate: true,
        signal,
        limits,
        stop,
      });
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

const PORT = 5432;

/** Milliseconds until a server that is being made ready is given up. */
const START_TIMEOUT = 120_000;
