/** Servers in containers, by Docker or Podman: one for a run, with no network, gone with it. */

import { randomBytes } from "node:crypto";
import { DatabaseError, SetupError } from "../../core/error.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { Runtime, Server, Target } from "../runtime.ts";
import { Container, presentImage } from "./container.ts";
import { findEngine } from "./engine.ts";
import { IMAGE_NAME, imageFor } from "./images.ts";
import type { ContainerKind } from "./server_image.ts";
import { Tunnel } from "./tunnel.ts";

/** The runtime `docker` of a kind of server. */
export function containerRuntime(kind: ContainerKind): Runtime {
  return {
    name: "docker",

    refuses: (target) => refusal(kind, target),

    mends: ({ dialect, image }) =>
      Promise.resolve(
        kind.dialects.includes(dialect) && image?.isTrusted === false ? "aim trust" : null,
      ),

    async start(target, { emit, signal, limits = DEFAULT_LIMITS }): Promise<Server> {
      signal.throwIfAborted();
      const engine = await findEngine();
      if (typeof engine === "string") {
        throw new SetupError(`Cannot start a container: ${engine}`, { code: "no-runtime" });
      }
      const image = imageFor(target);
      const server = kind.image(target);
      const password = randomBytes(18).toString("hex");
      const { memory } = limits;
      const container = await Container.start({
        engine,
        image,
        server,
        password,
        memory,
        emit,
        signal,
      });
      const tunnel = new Tunnel(engine, container.name, server.port);
      const stop = async () => {
        tunnel.close();
        await container[Symbol.asyncDispose]();
      };
      try {
        const place = `container ${container.name}`;
        const connectTimeout = START_TIMEOUT;
        const options = { target, place, tunnel, password, limits, signal, connectTimeout, stop };
        const opened = await patiently(kind, container, () => kind.open(options));
        tunnel.ready();
        return opened;
      } catch (error) {
        if (!(error instanceof DatabaseError)) {
          await stop();
          throw error;
        }
        const failure = await container.failure() ?? error.message;
        await stop();
        signal.throwIfAborted();
        throw new SetupError(`Cannot start ${image}: ${failure}`, {
          code: "no-runtime",
          hint:
            `It must be an image of a ${server.name} server that is set up as the official ones are`,
        });
      }
    },
  };
}

/** Tries until the server takes sessions, or its container has ended. */
async function patiently(
  kind: ContainerKind,
  container: Container,
  open: () => Promise<Server>,
): Promise<Server> {
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const isEarly = error instanceof DatabaseError && kind.isEarly(error.code);
      if (!isEarly || Date.now() > deadline || await container.failure() !== null) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
}

async function refusal(kind: ContainerKind, target: Target): Promise<string | null> {
  if (!kind.dialects.includes(target.dialect)) {
    return `containers of ${target.dialect} are not started`;
  }
  const image = imageFor(target);
  if (!IMAGE_NAME.test(image)) return `"${image}" is not the name of an image`;
  if (target.image?.isTrusted === false) {
    return `aim.toml names the image ${image}, a program that would be fetched and run: \`aim trust\` allows it`;
  }
  const engine = await findEngine();
  if (typeof engine === "string") return engine;
  const lacking = kind.lacks?.(target) ?? null;
  if (lacking !== null) return lacking;
  if (target.mayFetch === true || await presentImage(engine, image) !== null) return null;
  return `the image ${image} is not here: \`${engine.program} pull ${image}\` fetches it`;
}

/** Milliseconds between two attempts. */
const BETWEEN = 50;

/** Milliseconds until a server that is being made ready is given up. */
const START_TIMEOUT = 120_000;
