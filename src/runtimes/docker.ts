/** Postgres of any version in a container. */

import { containerRuntime } from "./docker/container_runtime.ts";
import { imageFor, imageWith, missingIn } from "./docker/images.ts";
import type { ServerImage } from "./docker/server_image.ts";
import { openPostgresServer } from "./postgres_server/server.ts";
import type { Runtime, Target } from "./runtime.ts";

const IMAGE: ServerImage = {
  name: "Postgres",
  key: "postgres",
  port: 5432,
  // Where the images keep it differs by version.
  data: "/pgdata",
  passwordVariable: "POSTGRES_PASSWORD",
  variables: { PGDATA: "/pgdata", POSTGRES_INITDB_ARGS: "-N" },
  check: "postgres --version",
  arguments: (memory) => [
    ...SETTINGS.flatMap((setting) => ["-c", setting]),
    ...["-c", `temp_file_limit=${Math.ceil(memory / 1024 ** 2) * 1024}`],
  ],
};

/** Nobody recovers a scratch server, and nothing but scripts runs on it. */
const SETTINGS = [
  "fsync=off",
  "full_page_writes=off",
  "synchronous_commit=off",
  "autovacuum=off",
  "listen_addresses=127.0.0.1",
  "shared_buffers=32MB",
  "max_connections=20",
  // A schema of thousands of tables is made, and dropped, in one transaction.
  "max_locks_per_transaction=2048",
  "max_logical_replication_workers=0",
  "max_parallel_workers_per_gather=0",
  "jit=off",
  "authentication_timeout=600",
  "log_min_messages=fatal",
  "timezone=UTC",
];

/** See the module's comment. */
export const docker: Runtime = containerRuntime({
  dialects: ["postgres"],
  image: () => IMAGE,
  lacks: (target) => {
    const missing = missingIn(target);
    return missing.length === 0 ? null : lacking(target, missing);
  },
  isEarly: (code) => EARLY.has(code),
  open: ({ place, tunnel, password, limits, signal, connectTimeout, stop }) =>
    openPostgresServer({
      runtime: "docker",
      address: {
        host: place,
        port: IMAGE.port,
        user: "postgres",
        password,
        database: "template1",
        tls: "disable",
        connectTimeout,
        connect: () => tunnel.connect(),
      },
      isPrivate: true,
      signal,
      limits,
      stop,
    }),
});

/** What a server says, or does not, before it is ready. */
const EARLY: ReadonlySet<string> = new Set(["08006", "57P03"]);

function lacking(target: Target, missing: readonly string[]): string {
  const names = missing.map((name) => `"${name}"`).join(", ");
  const settings = missing.map((name) => imageWith(name, target.version));
  const setting = settings.find((text) => text !== null) ?? '[docker] postgres = "<an image>"';
  return `the image ${imageFor(target)} does not have the extension${
    missing.length > 1 ? "s" : ""
  } ${names}: aim.toml can name one that has, ${setting}`;
}
