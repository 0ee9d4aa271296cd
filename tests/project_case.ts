/** Small projects as data: files, a command line, and what it must say. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { runAim, temporaryFolder } from "./run_aim.ts";

/** A project, and a run of aim in it. */
export interface ProjectCase {
  /** A sentence. */
  readonly title: string;
  /** By relative path; aim.toml is made of `settings`. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines of aim.toml. */
  readonly settings: readonly string[];
  readonly args: readonly string[];
  readonly code: number;
  /** All of stdout, when it is a text; what it must hold, and must not. */
  readonly stdout?: string | RegExp;
  readonly notStdout?: RegExp;
  readonly stderr?: readonly RegExp[];
  /** Variables of the environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A test for each. */
export function testProjects(cases: readonly ProjectCase[]): void {
  for (const data of cases) {
    test(data.title, async () => {
      const settings = `${data.settings.join("\n")}\n`;
      await using folder = await temporaryFolder({ "aim.toml": settings, ...data.files });
      const { variables } = data;
      const ran = await runAim(data.args, {
        cwd: folder.path,
        ...(variables === undefined ? {} : { variables }),
      });
      assert.equal(ran.code, data.code, ran.stderr);
      if (typeof data.stdout === "string") assert.equal(ran.stdout, data.stdout);
      else if (data.stdout !== undefined) assert.match(ran.stdout, data.stdout);
      if (data.notStdout !== undefined) assert.doesNotMatch(ran.stdout, data.notStdout);
      for (const pattern of data.stderr ?? []) assert.match(ran.stderr, pattern);
    });
  }
}
