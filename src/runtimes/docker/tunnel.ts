/** Connections into a container that has no network: each is a command in it that passes bytes on. */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import process from "node:process";
import { Duplex, type Readable, type Writable } from "node:stream";
import { programCommand } from "../../host/program.ts";
import type { ContainerEngine } from "./engine.ts";

/**
 * Passes on what comes in and goes out until one side ends; waits for the server before. It waits for its own children as well:
 * the server is the first process there, and takes an orphan that was killed for a part of itself that crashed.
 */
const SCRIPT = `
until (: <>/dev/tcp/127.0.0.1/$0) 2>/dev/null; do sleep 0.05; done
exec 3<>/dev/tcp/127.0.0.1/$0 4<&0 || exit 1
cat <&4 >&3 & in=$!
cat <&3 & out=$!
exec 3>&- 4<&-
wait -n
kill $in $out 2>/dev/null
wait`;

/** Nobody's number: what runs as this user may touch nothing of the server. */
const NOBODY = "65534:65534";

/** Opens connections to a port in a container. */
export class Tunnel {
  readonly #engine: ContainerEngine;
  readonly #container: string;
  readonly #port: number;
  readonly #open = new Set<TunnelSocket>();
  #spare: TunnelSocket | null = null;
  #isReady = false;

  constructor(engine: ContainerEngine, container: string, port: number) {
    this.#engine = engine;
    this.#container = container;
    this.#port = port;
  }

  /** A connection; when it fails, the socket says so. */
  connect(): Duplex {
    const spare = this.#spare;
    this.#spare = null;
    const socket = spare === null || spare.destroyed ? this.#begin() : spare;
    if (this.#isReady) this.#spare = this.#begin();
    return socket;
  }

  /**
   * From now on one connection is always opened in advance, since that takes a while. The server must be ready: it would remember of
   * a connection that it came too early.
   */
  ready(): void {
    this.#isReady = true;
    this.#spare ??= this.#begin();
  }

  /** Ends all of them. */
  close(): void {
    this.#isReady = false;
    for (const socket of this.#open) socket.destroy();
  }

  #begin(): TunnelSocket {
    const { program, variables } = this.#engine;
    const script = ["bash", "-c", SCRIPT, String(this.#port)];
    const [file, args] = programCommand(program, [
      ...["exec", "--interactive", "--user", NOBODY, this.#container],
      ...script,
    ]);
    const child = spawn(
      file,
      args,
      { env: { ...process.env, ...variables }, stdio: ["pipe", "pipe", "ignore"] },
    );
    const socket = new TunnelSocket(child);
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    // Whoever takes it hears for himself; a spare one that fails is nobody's loss.
    socket.on("error", () => {});
    return socket;
  }
}

/** One connection. */
class TunnelSocket extends Duplex {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;

  constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    super({ allowHalfOpen: false });
    this.#child = child;
    child.unref();
    child.on("error", (error) => this.destroy(error));
    child.stdin.on("error", (error) => this.destroy(error));
    child.stdout.on("data", (bytes: Uint8Array) => {
      if (!this.push(bytes)) child.stdout.pause();
    });
    child.stdout.once("end", () => {
      this.push(null);
      this.destroy();
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void) {
    this.#child.stdin.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill("SIGKILL");
    done(error);
  }
}
