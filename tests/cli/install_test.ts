import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const INSTALL = fileURLToPath(new URL("../../install.sh", import.meta.url));
const TARGET = "linux-x64";
const ARCHIVE = `aim-${TARGET}.tar.gz`;
const run = promisify(execFile);

/** A release on a local server, and a home to install it in. */
class Release implements AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  readonly #server: Server;

  private constructor(folder: string, home: string, server: Server) {
    this.folder = folder;
    this.home = home;
    this.#server = server;
  }

  static async make(): Promise<Release> {
    const root = await mkdtemp(join(tmpdir(), "aim-install-"));
    const [folder, home] = [join(root, "release"), join(root, "home")];
    await Promise.all([mkdir(folder), mkdir(home)]);
    await writeFile(join(root, "aim"), "#!/bin/sh\necho aim 9.9.9\n");
    await chmod(join(root, "aim"), 0o755);
    await run("tar", ["-czf", join(folder, ARCHIVE), "-C", root, "aim"]);
    const digest = createHash("sha256").update(await readFile(join(folder, ARCHIVE))).digest("hex");
    await writeFile(
      join(folder, "SHA256SUMS"),
      `${"0".repeat(64)}  other\n${digest}  ${ARCHIVE}\n`,
    );
    const server = createServer((request, response) => {
      readFile(join(folder, request.url ?? "")).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Release(folder, home, server);
  }

  /** Runs install.sh against the release. */
  async install(environment: Record<string, string> = {}): Promise<{ code: number; talk: string }> {
    const address = this.#server.address();
    assert.ok(address !== null && typeof address === "object");
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: this.home,
      AIM_MIRROR: `http://127.0.0.1:${address.port}/`,
      AIM_TARGET: TARGET,
      NO_PROXY: "127.0.0.1",
      no_proxy: "127.0.0.1",
      ...environment,
    };
    return await run("sh", [INSTALL], { env }).then(
      ({ stderr }) => ({ code: 0, talk: stderr }),
      (error: { code: number; stderr: string }) => ({ code: error.code, talk: error.stderr }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(join(this.folder, ".."), { recursive: true });
  }
}

test("install.sh puts aim into ~/.local/bin and says how to reach it", async () => {
  await using release = await Release.make();
  const { code, talk } = await release.install();
  assert.equal(code, 0, talk);
  assert.match(talk, /Installed aim 9\.9\.9/);
  assert.match(talk, /Add it to your PATH/);
  assert.deepEqual(await readdir(join(release.home, ".local/bin")), ["aim"]);
});

test("install.sh replaces an older aim in AIM_INSTALL_DIR", async () => {
  await using release = await Release.make();
  const folder = join(release.home, "bin here");
  await mkdir(folder);
  await writeFile(join(folder, "aim"), "old");
  const { code, talk } = await release.install({
    AIM_INSTALL_DIR: folder,
    PATH: `${folder}:${process.env.PATH}`,
  });
  assert.equal(code, 0, talk);
  assert.doesNotMatch(talk, /PATH/);
  assert.match(await readFile(join(folder, "aim"), "utf8"), /9\.9\.9/);
});

test("install.sh refuses an archive whose checksum differs and leaves nothing behind", async () => {
  await using release = await Release.make();
  await writeFile(join(release.folder, "SHA256SUMS"), `${"0".repeat(64)}  ${ARCHIVE}\n`);
  const { code, talk } = await release.install();
  assert.equal(code, 1);
  assert.match(talk, /error: Cannot install: the checksum of aim-linux-x64\.tar\.gz is/);
  assert.deepEqual(await readdir(release.home), []);
});

test("install.sh refuses an archive that SHA256SUMS does not name", async () => {
  await using release = await Release.make();
  await writeFile(join(release.folder, "SHA256SUMS"), `${"0".repeat(64)}  other\n`);
  const { code, talk } = await release.install();
  assert.equal(code, 1);
  assert.match(talk, /SHA256SUMS does not name aim-linux-x64\.tar\.gz/);
});

test("install.sh names what it cannot download", async () => {
  await using release = await Release.make();
  const { code, talk } = await release.install({ AIM_TARGET: "plan9-mips" });
  assert.equal(code, 1);
  assert.match(talk, /error: Cannot download http.*aim-plan9-mips\.tar\.gz/);
});

test("install.sh asks where aim is released when it is not told", async () => {
  await using release = await Release.make();
  const { code, talk } = await release.install({ AIM_MIRROR: "" });
  assert.equal(code, 1);
  assert.match(talk, /set AIM_REPOSITORY .* or AIM_MIRROR/);
});

test("a checksum that the caller gives counts instead of the release's", async () => {
  await using release = await Release.make();
  const wrong = await release.install({ AIM_SHA256: "0".repeat(64) });
  assert.equal(wrong.code, 1);
  assert.match(wrong.talk, /Cannot install: the checksum/);
  const bytes = await readFile(join(release.folder, ARCHIVE));
  await rm(join(release.folder, "SHA256SUMS"));
  const digest = createHash("sha256").update(bytes).digest("hex");
  const right = await release.install({ AIM_SHA256: digest });
  assert.equal(right.code, 0, right.talk);
});

test("install.sh says what it replaced, and warns of another aim that comes first", async () => {
  await using release = await Release.make();
  const other = join(release.home, "other");
  await mkdir(other);
  await writeFile(join(other, "aim"), "#!/bin/sh\necho aim 1.0.0\n", { mode: 0o755 });
  await release.install();
  const folder = join(release.home, ".local/bin");
  const { code, talk } = await release.install({ PATH: `${other}:${folder}:${process.env.PATH}` });
  assert.equal(code, 0, talk);
  assert.match(talk, /Installed aim 9\.9\.9 as .*, in the place of aim 9\.9\.9/);
  assert.match(talk, /warning: "aim" is .*other\/aim on your PATH, which comes before/);
});

test("install.sh warns of a program that does not start here", async () => {
  await using release = await Release.make();
  const root = join(release.folder, "..");
  await writeFile(join(root, "aim"), "#!/no/such/loader\n", { mode: 0o755 });
  await run("tar", ["-czf", join(release.folder, ARCHIVE), "-C", root, "aim"]);
  const bytes = await readFile(join(release.folder, ARCHIVE));
  const digest = createHash("sha256").update(bytes).digest("hex");
  const { talk } = await release.install({ AIM_SHA256: digest });
  assert.match(talk, /warning: .*aim does not start here: is aim-linux-x64 for this machine\?/);
});
