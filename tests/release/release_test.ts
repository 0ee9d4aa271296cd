import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { hostTarget } from "../../scripts/release/build.ts";
import { archiveOf, TARGETS } from "../../scripts/release/targets.ts";
import { VERSION } from "../../src/cli/version.ts";
import { DEEP } from "../depth.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const HOST = TARGETS.find(({ name }) => name === hostTarget());

let folder = "";
let out = "";

/** A release of all targets, whose programs are scripts. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aim-release-test-"));
  const binaries = join(folder, "bin");
  for (const target of TARGETS) {
    await mkdir(join(binaries, target.name), { recursive: true });
    const file = join(binaries, target.name, target.program);
    await writeFile(file, `#!/bin/sh\n# ${target.name}\necho aim ${VERSION}\n`, { mode: 0o755 });
  }
  out = await release(binaries, "out");
});

after(() => rm(folder, { recursive: true }));

async function release(binaries: string, name: string): Promise<string> {
  const into = join(folder, name);
  const script = join(ROOT, "scripts/release.ts");
  const options = ["--repository", "example/aim", "--binaries", binaries, "--out", into];
  const variables = { ...process.env, SOURCE_DATE_EPOCH: "1700000000" };
  await run("deno", ["run", "-A", script, ...options, "--complete"], { env: variables });
  return into;
}

function read(name: string): Promise<string> {
  return readFile(join(out, name), "utf8");
}

test("a release holds an archive, a wheel and an npm package of each target, and what describes them", async () => {
  const names = await readdir(out);
  for (const target of TARGETS) assert.ok(names.includes(archiveOf(target)), target.name);
  assert.equal(names.filter((name) => name.endsWith(".whl")).length, TARGETS.length);
  assert.equal(names.filter((name) => name.endsWith(".tgz")).length, TARGETS.length + 1);
  for (
    const name of ["aim.cdx.json", "aim.schema.json", "install.sh", "install.ps1", "SHA256SUMS"]
  ) {
    assert.ok(names.includes(name), name);
  }
});

test("SHA256SUMS names every file in order, and sha256sum agrees", async () => {
  const sums = (await read("SHA256SUMS")).trimEnd().split("\n");
  const files = (await readdir(out)).filter((name) => !["SHA256SUMS", "managers"].includes(name));
  assert.deepEqual(sums.map((line) => line.slice(66)), files.sort());
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
});

test("an archive holds the program with its rights, completions, manual page and licence", async () => {
  const listed = execFileSync("tar", ["-tvzf", join(out, "aim-linux-x64.tar.gz")], {
    encoding: "utf8",
  });
  assert.match(listed, /^-rwxr-xr-x 0\/0 .* aim$/m);
  const company = ["_aim", "aim.bash", "aim.fish", "aim.nu", "aim.ps1"]
    .map((name) => `completions/${name}`);
  for (const name of [...company, "man/man1/aim.1", "LICENSE", "README.md"]) {
    assert.ok(listed.includes(` ${name}\n`), name);
  }
  const files = unzipSync(await readFile(join(out, "aim-windows-x64.zip")));
  for (const name of [...company, "aim.exe", "LICENSE"]) assert.ok(files[name], name);
});

test("the same programs at the same moment give the same files", { skip: !DEEP }, async () => {
  const again = await release(join(folder, "bin"), "again");
  assert.equal(await readFile(join(again, "SHA256SUMS"), "utf8"), await read("SHA256SUMS"));
});

test("the bill of materials names the packages of the program with versions and hashes", async () => {
  const bill: {
    bomFormat: string;
    components: readonly { name: string; version: string; hashes: { content: string }[] }[];
    dependencies: readonly { ref: string; dependsOn: readonly string[] }[];
  } = JSON.parse(await read("aim.cdx.json"));
  assert.equal(bill.bomFormat, "CycloneDX");
  const named = new Map(bill.components.map((each) => [each.name, each]));
  const { imports }: { imports: Record<string, string> } = JSON.parse(
    await readFile(join(ROOT, "deno.json"), "utf8"),
  );
  for (
    const name of ["@electric-sql/pglite", "@electric-sql/pglite-pgvector", "sql.js", "openai"]
  ) {
    assert.equal(`npm:${name}@${named.get(name)?.version}`, imports[name]);
  }
  for (const name of ["fflate", "@copilotkit/aimock"]) assert.ok(!named.has(name), name);
  for (const { hashes } of bill.components) {
    assert.match(hashes[0]?.content ?? "", /^[0-9a-f]{128}$/);
  }
  const refs = new Set(bill.dependencies.map(({ ref }) => ref));
  const lost = bill.dependencies.flatMap(({ dependsOn }) =>
    dependsOn.filter((ref) => !refs.has(ref))
  );
  assert.deepEqual(lost, []);
});

test("manifests of package managers have the checksums of the archives", async () => {
  const sums = await read("SHA256SUMS");
  const digest = (name: string) =>
    new RegExp(`^([0-9a-f]{64})  ${name}$`, "m").exec(sums)?.[1] ?? "?";
  const formula = await read("managers/homebrew/aim.rb");
  for (const name of ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]) {
    const archive = `aim-${name}.tar.gz`;
    assert.match(formula, new RegExp(`/v${VERSION}/${archive}"\n +sha256 "${digest(archive)}"`));
  }
  const scoop = JSON.parse(await read("managers/scoop/aim.json"));
  assert.equal(scoop.architecture["64bit"].hash, digest("aim-windows-x64.zip"));
  assert.deepEqual((await readdir(join(out, "managers/winget"))).sort(), [
    "example.Aim.installer.yaml",
    "example.Aim.locale.en-US.yaml",
    "example.Aim.yaml",
  ]);
  const installer = await read("managers/winget/example.Aim.installer.yaml");
  assert.ok(installer.includes(digest("aim-windows-x64.zip").toUpperCase()));
});

test("install.ps1 of a release has its version and checksums", async () => {
  const script = await read("install.ps1");
  assert.match(script, /Repository = 'example\/aim'/);
  assert.match(script, /Checksums = @'\n[0-9a-f]{64} {2}aim-darwin-arm64\.tar\.gz\n/);
});

/** Runs the release's install.sh, which curl fetched from a local server, with what else it needs from there. */
async function installByCurl(home: string, files: (name: string) => string) {
  const server = createServer((request, response) => {
    readFile(files((request.url ?? "").slice(1))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const mirror = `http://127.0.0.1:${address.port}`;
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    AIM_MIRROR: mirror,
    no_proxy: "127.0.0.1",
    NO_PROXY: "127.0.0.1",
  };
  try {
    return await run("sh", ["-c", `curl -fsS ${mirror}/install.sh | sh`], { env });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test("curl and sh install the release, by the checksum in its own install.sh", async () => {
  const home = join(folder, "home");
  await mkdir(home);
  // The mirror has no SHA256SUMS: the script must know.
  const { stderr } = await installByCurl(
    home,
    (name) => join(out, name === "SHA256SUMS" ? "missing" : name),
  );
  assert.match(stderr, new RegExp(`Installed aim ${VERSION.replaceAll(".", "\\.")} as`));
  assert.ok(((await stat(join(home, ".local/bin/aim"))).mode & 0o111) !== 0);
});

test("an archive of another release is refused by it", async () => {
  const home = join(folder, "other");
  await mkdir(home);
  const other = (name: string) =>
    join(out, name.startsWith("aim-") ? "aim-darwin-arm64.tar.gz" : name);
  await assert.rejects(installByCurl(home, other), /the checksum of aim-\S+ is/);
  assert.deepEqual(await readdir(home), []);
});

test("pip installs the wheel as a program", { skip: !DEEP }, async () => {
  const place = join(folder, "python");
  execFileSync("python3", ["-m", "venv", place]);
  const tag = HOST?.wheel ?? "none";
  const name = (await readdir(out)).find((file) => file.endsWith(`-${tag}.whl`)) ?? "";
  execFileSync(join(place, "bin/pip"), ["install", "--quiet", "--no-index", join(out, name)]);
  const said = execFileSync(join(place, "bin/aim"), ["--version"], { encoding: "utf8" });
  assert.equal(said, `aim ${VERSION}\n`);
});
