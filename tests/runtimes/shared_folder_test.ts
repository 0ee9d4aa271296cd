/** Folders for the user that a server runs as. */

import assert from "node:assert/strict";
import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { makeSharedFolder } from "../../src/host/shared_folder.ts";
import { addedFolder } from "../../src/runtimes/local_postgres/find_server.ts";
import { temporaryFolder } from "../run_aim.ts";

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test(
  "folders that are made can be entered whatever the mask, and those that are there stay as they are",
  {
    skip: process.platform === "win32",
  },
  async () => {
    await using home = await temporaryFolder();
    await chmod(home.path, 0o700);
    const mask = process.umask(0o077);
    try {
      await makeSharedFolder(join(home.path, "a", "b", "c"));
      await makeSharedFolder(join(home.path, "a", "b", "d"));
    } finally {
      process.umask(mask);
    }
    for (const name of ["a", "a/b", "a/b/c", "a/b/d"]) {
      assert.equal(await modeOf(join(home.path, name)), 0o755, name);
    }
    assert.equal(await modeOf(home.path), 0o700);
  },
);

test("as root, a cache that the server's user cannot enter is not taken for servers", {
  skip: process.geteuid?.() !== 0,
}, async () => {
  await using home = await temporaryFolder();
  const variables = { XDG_CACHE_HOME: join(home.path, "cache") };
  await chmod(home.path, 0o755);
  assert.equal(addedFolder(variables), join(home.path, "cache", "aim", "servers"));
  await chmod(home.path, 0o700);
  assert.equal(addedFolder(variables), "/var/cache/aim/servers");
});
