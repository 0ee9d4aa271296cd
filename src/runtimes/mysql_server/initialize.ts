/** Data folders of new servers: made once for each program and kept, since that takes seconds. */

import { spawn } from "node:child_process";
import { chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SetupError } from "../../core/error.ts";
import { accountScript } from "./accounts.ts";
import { copyTree, type Owner, removeTree, scratchFolder } from "./folders.ts";
import { BY_SHELL, type ServerProgram } from "./program.ts";

/** Puts the data of a new server into a folder that is there. */
export async function newData(
  program: ServerProgram,
  folder: string,
  owner: Owner | null,
): Promise<void> {
  const kept = join(program.cache, "data");
  if (await stat(kept).catch(() => null) === null) await makeData(program, kept, owner);
  await copyTree(kept, folder, owner);
}

async function makeData(
  program: ServerProgram,
  kept: string,
  owner: Owner | null,
): Promise<void> {
  const work = await scratchFolder(owner);
  try {
    const data = join(work, "data");
    if (program.family === "mysql") await initializeMysql(program, { work, data, owner });
    else await bootstrapMariadb(program, { work, data, owner });
    await mkdir(program.cache, { recursive: true });
    const draft = await mkdtemp(join(program.cache, "draft-"));
    await copyTree(data, draft, null, (name) => TEMPORARY.test(name));
    // Another process may have been quicker.
    await rename(draft, kept).catch(() => rm(draft, { recursive: true, force: true }));
  } finally {
    removeTree(work);
  }
}

/** Files that a server makes anew at each start, or keeps for itself. */
const TEMPORARY =
  /^(?:ibtmp1|#innodb_temp|.*\.(?:err|pid|pem)|mysql_upgrade_history|ib_buffer_pool)$/;

interface Places {
  readonly work: string;
  readonly data: string;
  readonly owner: Owner | null;
}

async function initializeMysql(
  program: ServerProgram,
  { work, data, owner }: Places,
): Promise<void> {
  const script = join(work, "accounts.sql");
  await writeFile(script, accountScript(program));
  await run(program.path, [
    "--no-defaults",
    "--initialize-insecure",
    `--datadir=${data}`,
    `--init-file=${script}`,
    `--log-error=${join(work, "log")}`,
    "--character-set-server=utf8mb4",
    "--innodb-redo-log-capacity=8M",
    "--secure-file-priv=NULL",
    "--loose-auto-generate-certs=OFF",
    "--loose-caching-sha2-password-auto-generate-rsa-keys=OFF",
    ...owner === null ? [] : [`--user=${owner.name}`],
  ], { input: "", log: join(work, "log") });
}

/** As `mariadb-install-db` does it, which not every package has. */
async function bootstrapMariadb(
  program: ServerProgram,
  { work, data, owner }: Places,
): Promise<void> {
  const { folder, scripts } = await systemScripts(program);
  await mkdir(data, { mode: 0o700 });
  if (owner !== null) await chown(data, owner.uid, owner.gid);
  const input = [
    "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n",
    ...scripts,
    "\nFLUSH PRIVILEGES;\n",
    accountScript(program),
  ].join("\n");
  await run(program.path, [
    "--no-defaults",
    "--bootstrap",
    `--datadir=${data}`,
    `--lc-messages-dir=${folder}`,
    `--log-error=${join(work, "log")}`,
    "--log-warnings=0",
    "--enforce-storage-engine=",
    "--max-allowed-packet=8M",
    "--net-buffer-length=16K",
    "--character-set-server=utf8mb4",
    "--innodb-log-file-size=4M",
    "--innodb-buffer-pool-size=8M",
    ...owner === null ? [] : [`--user=${owner.name}`],
  ], { input, log: join(work, "log") });
}

/** The scripts that make MariaDB's own tables, under their names before and from version 11. */
async function systemScripts(
  { path }: ServerProgram,
): Promise<{ readonly folder: string; readonly scripts: readonly string[] }> {
  const root = dirname(dirname(path));
  for (
    const folder of [
      `${root}/share/mysql`,
      `${root}/share/mariadb`,
      `${root}/share`,
      "/usr/share/mysql",
      "/usr/share/mariadb",
    ]
  ) {
    for (const prefix of ["mariadb_", "mysql_"]) {
      const scripts = await Promise.all(
        ["system_tables", "performance_tables", "system_tables_data"].map((name) =>
          readFile(`${folder}/${prefix}${name}.sql`, "utf8").catch(() => null)
        ),
      );
      const found = scripts.filter((text) => text !== null);
      if (found.length === scripts.length) return { folder, scripts: found };
    }
  }
  throw new SetupError(`Cannot prepare ${path}: the scripts of its own tables are not beside it`, {
    code: "server-start",
    hint: "Install the whole package of the server",
  });
}

async function run(
  path: string,
  flags: readonly string[],
  { input, log }: { readonly input: string; readonly log: string },
): Promise<void> {
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn("sh", [...BY_SHELL, path, ...flags], {
      stdio: ["pipe", "ignore", "ignore"],
      cwd: "/",
    });
    child.once("error", () => resolve(null));
    child.once("exit", (status) => resolve(status));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
  if (code === 0) return;
  const words = await readFile(log, "utf8").catch(() => "");
  const errors = words.split("\n").filter((line) => /ERROR/.test(line)).slice(0, 3).join("; ");
  throw new SetupError(`Cannot prepare the data folder of ${path}: ${errors || "it failed"}`, {
    code: "server-start",
    hint: "Another server can be given with AIM_SERVERS, a list of folders",
  });
}
