/** One container with a server in it: its image fetched, started with as few rights as it needs, watched, removed. */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import process from "node:process";
import type { Emit } from "../../core/event.ts";
import { SetupError } from "../../core/error.ts";
import { endContainers, registerStart, type Registration } from "../leftovers/mod.ts";
import { type ContainerEngine, lastLine, runCommand } from "./engine.ts";
import { LABELS } from "./labels.ts";
import type { ServerImage } from "./server_image.ts";

/** What a container is started with. */
export interface ContainerOptions {
  readonly engine: ContainerEngine;
  readonly image: string;
  /** What the server in it needs. */
  readonly server: ServerImage;
  /** Of its first account. */
  readonly password: string;
  /** Bytes that it may take. */
  readonly memory: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** A container that was started. */
export class Container implements AsyncDisposable {
  readonly name: string;
  readonly #options: ContainerOptions;
  readonly #registration: Registration;
  readonly #run: string;
  readonly #guard: Guard;

  /** Fetches the image where it is not there, and starts. Throws SetupError with what the engine says. */
  static async start(options: ContainerOptions): Promise<Container> {
    const { engine, signal } = options;
    const image = await fetchImage(options);
    const run = randomBytes(8).toString("hex");
    const { program, variables } = engine;
    const registration = await registerStart({ kind: "container", program, variables, run });
    const container = new Container(options, { run, registration });
    try {
      const { code, stderr } = await runCommand(engine, container.#arguments(image), {
        signal,
        timeout: 120_000,
        variables: { [options.server.passwordVariable]: options.password },
      });
      if (code !== 0) {
        throw new SetupError(`Cannot start a container of ${image}: ${lastLine(stderr)}`, {
          code: "no-runtime",
          hint: `Try it by hand: ${program} run --rm ${image} ${options.server.check}`,
        });
      }
      return container;
    } catch (error) {
      await container[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(
    options: ContainerOptions,
    { run, registration }: { readonly run: string; readonly registration: Registration },
  ) {
    this.name = `aim-${run}`;
    this.#options = options;
    this.#run = run;
    this.#registration = registration;
    this.#guard = new Guard(options.engine, this.name);
  }

  /** Why the server in it ended, in its own words; null while it runs. */
  async failure(): Promise<string | null> {
    const { engine } = this.#options;
    const state = await runCommand(engine, [
      "inspect",
      "--format",
      "{{.State.Running}}",
      this.name,
    ]);
    if (state.code === 0 && state.stdout.trim() === "true") return null;
    if (state.code !== 0) return lastLine(state.stderr);
    const { stdout, stderr } = await runCommand(engine, ["logs", "--tail", "30", this.name]);
    const lines = `${stdout}\n${stderr}`.trim().split("\n");
    return lines.findLast((line) => /FATAL|PANIC|error|cannot/i.test(line)) ?? lines.at(-1) ?? "";
  }

  /** Removes it with all that is in it. What cannot be removed now is by a later run. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { program, variables } = this.#options.engine;
    try {
      await endContainers({ kind: "container", program, variables, run: this.#run });
      await this.#registration.forget();
      this.#guard.dismiss();
    } catch {
      // It stays in the register.
    }
  }

  #arguments(image: string): readonly string[] {
    const labels = {
      [LABELS.run]: this.#run,
      [LABELS.pid]: String(process.pid),
      [LABELS.host]: hostname(),
      [LABELS.started]: new Date().toISOString(),
    };
    const { server } = this.#options;
    const memory = Math.ceil(this.#options.memory / 1024 ** 2);
    return [
      ...["run", "--detach", "--pull", "never", "--name", this.name],
      ...Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
      // Scripts may do what they like in there; nothing leads out.
      ...["--network", "none", "--cap-drop", "ALL"],
      ...CAPABILITIES.flatMap((name) => ["--cap-add", name]),
      ...["--security-opt", "no-new-privileges", "--pids-limit", "256"],
      ...["--memory", `${memory + OVERHEAD}m`],
      ...["--log-driver", "json-file", "--log-opt", "max-size=10m"],
      ...["--tmpfs", `${server.data}:rw,size=${memory}m`],
      ...["--env", server.passwordVariable],
      ...Object.entries(server.variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      image,
      ...server.arguments(this.#options.memory),
    ];
  }
}

/** What the entry point of the official images needs to hand its data to the user of the server, and to become that user. */
const CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];

/** Megabytes beside the data. */
const OVERHEAD = 512;

/** What the engine calls an image that it has; null for one that it has not. */
export async function presentImage(
  engine: ContainerEngine,
  image: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const names = engine.program === "podman" ? [image, fullName(image)] : [image];
  for (const name of names) {
    const { code } = await runCommand(
      engine,
      ["image", "inspect", "--format", "{{.Id}}", name],
      signal === undefined ? {} : { signal },
    );
    if (code === 0) return name;
  }
  return null;
}

/** The image as the engine knows it, fetched when it is not there. */
async function fetchImage(
  { engine, image, server, emit, signal }: ContainerOptions,
): Promise<string> {
  const present = await presentImage(engine, image, signal);
  if (present !== null) return present;
  const name = engine.program === "podman" ? fullName(image) : image;
  emit({ type: "note", text: `Fetching the image ${name}, which is done once` });
  const layers = new Map<string, boolean>();
  const pulled = await runCommand(engine, ["pull", name], {
    signal,
    timeout: PULL_TIMEOUT,
    onLine: (line) => {
      const [, layer, state = ""] = /^([0-9a-f]{12}): (.*)$/.exec(line) ?? [];
      if (layer === undefined) return;
      layers.set(layer, /^(?:Pull complete|Already exists)/.test(state));
      const done = [...layers.values()].filter(Boolean).length;
      emit({
        type: "progress",
        stage: "start",
        done,
        total: layers.size,
        text: `fetching ${name}`,
      });
    },
  });
  if (pulled.code === 0) return name;
  throw new SetupError(`Cannot fetch the image ${name}: ${lastLine(pulled.stderr)}`, {
    code: "no-runtime",
    hint: `Fetch it by hand (${engine.program} pull ${name}), or name another one in aim.toml: ` +
      `[docker] ${server.key} = "..."`,
  });
}

/** Milliseconds; some images have hundreds of megabytes. */
const PULL_TIMEOUT = 1_800_000;

/** Podman asks which registry a short name is meant for. */
function fullName(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]/.test(first) || first === "localhost" ? image : `docker.io/${image}`;
}

/** Removes a container when this process is gone, in whatever way: a shell waits for the end of its input. */
class Guard {
  readonly #dismiss: () => void;

  constructor({ program, variables }: ContainerEngine, name: string) {
    if (process.platform === "win32") {
      this.#dismiss = () => {};
      return;
    }
    const child = spawn("sh", ["-c", GUARD, program, name], {
      env: { ...process.env, ...variables },
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    child.on("error", () => {});
    child.stdin.on("error", () => {});
    child.unref();
    this.#dismiss = () => child.stdin.end("done\n");
  }

  /** The container is gone. */
  dismiss(): void {
    this.#dismiss();
  }
}

/** More than once: the engine may still be making it. */
const GUARD = `
trap '' INT TERM HUP
read -r word && exit
for pause in 0 1 2 5; do
  sleep $pause
  "$0" rm --force --volumes "$1" >/dev/null 2>&1
done`;
