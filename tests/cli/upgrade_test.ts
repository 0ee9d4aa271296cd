import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { howInstalled } from "../../src/cli/installed.ts";
import { isNewer } from "../../src/cli/newest_release.ts";
import { VERSION } from "../../src/cli/version.ts";
import { runAim } from "../run_aim.ts";

function installed(program: string, inVirtualEnvironment = false) {
  const { by, command } = howInstalled({
    program,
    repository: "example/aim",
    inVirtualEnvironment,
  });
  return `${by}: ${command}`;
}

test("where the program lies tells how it was installed", () => {
  const cases: Readonly<Record<string, string>> = {
    "/opt/homebrew/Cellar/aim/0.1.0/bin/aim": "homebrew: brew upgrade aim",
    "/home/linuxbrew/.linuxbrew/Cellar/aim/0.1.0/bin/aim": "homebrew: brew upgrade aim",
    "C:\\Users\\a\\scoop\\apps\\aim\\current\\aim.exe": "scoop: scoop update aim",
    "C:\\Users\\a\\AppData\\Local\\Microsoft\\WinGet\\Packages\\Owner.Aim_Microsoft.Winget.Source_8we\\aim.exe":
      "winget: winget upgrade --id Owner.Aim",
    "/p/node_modules/@owner/aim-linux-x64/aim": "npm: npm install --save-dev @owner/aim@latest",
    "/usr/lib/node_modules/@owner/aim/node_modules/@owner/aim-linux-x64/aim":
      "npm: npm install --global @owner/aim@latest",
    "/p/node_modules/.pnpm/@owner+aim-linux-x64-musl@0.1.0/node_modules/@owner/aim-linux-x64-musl/aim":
      "pnpm: pnpm add --save-dev @owner/aim@latest",
    "/home/a/.npm/_npx/0a1b/node_modules/@owner/aim-darwin-arm64/aim": "npm: npx @owner/aim@latest",
    "/home/a/.local/share/pipx/venvs/aim-cli/bin/aim": "pipx: pipx upgrade aim-cli",
    "/home/a/.local/share/uv/tools/aim-cli/bin/aim": "uv: uv tool upgrade aim-cli",
    "/home/a/.local/bin/aim":
      "script: curl -fsSL https://github.com/example/aim/releases/latest/download/install.sh | AIM_INSTALL_DIR=/home/a/.local/bin sh",
    "/home/a b's/aim":
      "script: curl -fsSL https://github.com/example/aim/releases/latest/download/install.sh | AIM_INSTALL_DIR='/home/a b'\\''s' sh",
    "/usr/bin/deno": "source: git pull && deno task build",
  };
  for (const [program, wanted] of Object.entries(cases)) {
    assert.equal(installed(program), wanted, program);
  }
  assert.equal(installed("/p/.venv/bin/aim", true), "pip: pip install --upgrade aim-cli");
});

test("versions are compared by their numbers", () => {
  assert.ok(isNewer("0.10.0", "0.9.9"));
  assert.ok(isNewer("1.0.0", "1.0.0-rc.1"));
  assert.ok(!isNewer("1.0.0-rc.1", "1.0.0"));
  assert.ok(!isNewer("0.1.0", "0.1.0"));
  assert.ok(!isNewer("0.1.0", "0.2.0"));
});

/** A server that answers as GitHub does where its latest release is asked for. */
async function github(
  tag: string | null,
): Promise<AsyncDisposable & { readonly url: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (tag === null) return void response.writeHead(404).end();
    response.writeHead(302, { location: `/example/aim/releases/tag/${tag}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function check(url: string, repository = "example/aim") {
  const variables = {
    AIM_GITHUB_URL: url,
    AIM_REPOSITORY: repository,
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };
  return runAim(["upgrade", "--check", "--json"], { variables });
}

test("upgrade --check says no when there is a newer release", async () => {
  await using server = await github("v99.1.2");
  const { code, stdout } = await check(server.url);
  const { outcome, version, newest } = JSON.parse(stdout);
  assert.deepEqual([code, outcome, version, newest], [1, "outdated", VERSION, "99.1.2"]);
  assert.deepEqual(server.asked, ["/example/aim/releases/latest"]);
});

test("upgrade --check is content with the newest release", async () => {
  await using server = await github(`v${VERSION}`);
  const { code, stdout } = await check(server.url);
  assert.deepEqual([code, JSON.parse(stdout).newest], [0, VERSION]);
});

test("upgrade --check says when there is no release, and refuses what is no repository", async () => {
  await using server = await github(null);
  assert.equal((await check(server.url)).code, 3);
  assert.equal((await check(server.url, "../../etc")).code, 2);
});

test("upgrade asks nobody without --check, nor where no repository is known", async () => {
  await using server = await github("v99.1.2");
  const variables = { AIM_GITHUB_URL: server.url };
  const unknown = await runAim(["upgrade", "--check"], { variables });
  assert.equal(unknown.code, 0);
  assert.match(unknown.stderr, /AIM_REPOSITORY is not set/);
  const plain = await runAim(["upgrade"], { variables: { ...variables, AIM_REPOSITORY: "a/b" } });
  assert.deepEqual([plain.code, server.asked], [0, []]);
});

test("--version --json has commit and target, which a run from source does not know", async () => {
  const said = JSON.parse((await runAim(["--version", "--json"])).stdout);
  assert.equal(said.version, VERSION);
  assert.ok("commit" in said && "target" in said);
});
