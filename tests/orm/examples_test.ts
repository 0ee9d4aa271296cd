/** The examples whose tools are programs of their own, set up and run as their users would. */

import assert from "node:assert/strict";
import { cp, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { type Installed, nodeModulesWith, pythonWith } from "./installed.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));

interface Example {
  readonly name: string;
  install(folder: string): Promise<Installed>;
  /** Puts what is installed where the project looks for it; gives the variables of its shell. */
  use(folder: string, path: string): Promise<Readonly<Record<string, string>>>;
}

const examples: readonly Example[] = [
  {
    name: "django",
    install: async (folder) => {
      const text = await readFile(join(folder, "requirements.txt"), "utf8");
      return await pythonWith(text.trim().split("\n"));
    },
    use: (_, path) =>
      Promise.resolve({
        PATH: `${dirname(path)}:${process.env.PATH}`,
        VIRTUAL_ENV: dirname(dirname(path)),
      }),
  },
  {
    name: "drizzle",
    install: async (folder) => {
      const { dependencies, devDependencies } = JSON.parse(
        await readFile(join(folder, "package.json"), "utf8"),
      );
      const all: Readonly<Record<string, string>> = { ...dependencies, ...devDependencies };
      return await nodeModulesWith(
        Object.entries(all).map(([name, version]) => `${name}@${version}`),
      );
    },
    use: async (folder, path) => {
      await symlink(path, join(folder, "node_modules"));
      return {};
    },
  },
];

for (const { name, install, use } of examples) {
  test(`the models of examples/${name} become a proven migration`, async (t) => {
    const installed = await install(join(EXAMPLES, name));
    if ("reason" in installed) return t.skip(installed.reason);
    await using folder = await temporaryFolder();
    const project = join(folder.path, name);
    await cp(join(EXAMPLES, name), project, { recursive: true });
    const variables = {
      XDG_CONFIG_HOME: join(folder.path, "config"),
      XDG_CACHE_HOME: join(folder.path, "cache"),
      ...await use(project, installed.path),
    };
    const aim = (...args: readonly string[]) => runAim(args, { cwd: project, variables });
    const refused = await aim("diff");
    assert.match(refused.stderr, /not trusted/);
    assert.equal((await aim("trust")).code, 0);
    const made = await aim("generate");
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stderr, /proven and written/);
    const same = await aim("diff", "--exit-code");
    assert.equal(same.code, 0, same.stdout + same.stderr);
    const valid = await aim("validate");
    assert.equal(valid.code, 0, valid.stdout + valid.stderr);
  });
}
