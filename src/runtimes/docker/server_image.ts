/** What a kind of server needs of its container, as data. */

import type { Server, Target } from "../runtime.ts";
import type { Limits } from "../limits.ts";
import type { Tunnel } from "./tunnel.ts";

/** How a container of an image is started. */
export interface ServerImage {
  /** As messages have it: `Postgres`. */
  readonly name: string;
  /** The setting in `[docker]` that names another image. */
  readonly key: string;
  /** In the container. */
  readonly port: number;
  /** Where the server keeps its data; it is kept in memory. */
  readonly data: string;
  /** The variable by which the image takes the password of its first account. */
  readonly passwordVariable: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The command that shows that an image can be run: `postgres --version`. */
  readonly check: string;
  /** Arguments of the server; `memory` is in bytes. */
  arguments(memory: number): readonly string[];
}

/** A container that runs, for who opens the server in it. */
export interface OpenOptions {
  readonly target: Target;
  /** `container aim-1f2e`, for messages. */
  readonly place: string;
  readonly tunnel: Tunnel;
  /** Of the first account. */
  readonly password: string;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Milliseconds that a connection may wait for the server. */
  readonly connectTimeout: number;
  /** Ends the container. */
  readonly stop: () => Promise<void>;
}

/** A kind of server that runs in containers. */
export interface ContainerKind {
  /** The dialects that it serves. */
  readonly dialects: readonly string[];
  image(target: Target): ServerImage;
  /** What images of a target lack; null for nothing. */
  lacks?(target: Target): string | null;
  /** True for an error of a server that is not ready yet. */
  isEarly(code: string): boolean;
  /** Opens the server. Throws DatabaseError while it is not ready. */
  open(options: OpenOptions): Promise<Server>;
}
