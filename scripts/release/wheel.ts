/** A wheel for PyPI: the program itself among the scripts, no code. */

import { createHash } from "node:crypto";
import type { Zippable } from "fflate";
import { PYTHON_PACKAGE } from "../../src/cli/installed.ts";
import { zip, zipped } from "./archives.ts";
import type { Target } from "./targets.ts";

/** What stands in a wheel besides the program. */
export interface WheelFacts {
  readonly version: string;
  readonly repository: string;
  readonly licence: Uint8Array;
  readonly readme: string;
  readonly moment: Date;
}

/** The name of a wheel and its bytes. */
export function wheel(
  target: Target,
  program: Uint8Array,
  facts: WheelFacts,
): { readonly name: string; readonly bytes: Uint8Array } {
  const stem = `${PYTHON_PACKAGE.replaceAll("-", "_")}-${facts.version}`;
  const tag = `py3-none-${target.wheel}`;
  const text = (content: string) => new TextEncoder().encode(content);
  const contents: readonly (readonly [path: string, bytes: Uint8Array, mode: number])[] = [
    [`${stem}.data/scripts/${target.program}`, program, 0o755],
    [`${stem}.dist-info/METADATA`, text(metadata(facts)), 0o644],
    [
      `${stem}.dist-info/WHEEL`,
      text(`Wheel-Version: 1.0\nGenerator: aim\nRoot-Is-Purelib: false\nTag: ${tag}\n`),
      0o644,
    ],
    [`${stem}.dist-info/licenses/LICENSE`, facts.licence, 0o644],
  ];
  const record = `${stem}.dist-info/RECORD`;
  const rows = contents.map(([path, bytes]) => {
    const digest = createHash("sha256").update(bytes).digest("base64url");
    return `${path},sha256=${digest},${bytes.length}\n`;
  });
  const files: Zippable = Object.fromEntries(
    contents.map(([path, bytes, mode]) => [path, zipped(bytes, mode)]),
  );
  files[record] = zipped(text(`${rows.join("")}${record},,\n`), 0o644);
  return { name: `${stem}-${tag}.whl`, bytes: zip(files, facts.moment) };
}

function metadata({ version, repository, readme }: WheelFacts): string {
  return [
    "Metadata-Version: 2.4",
    `Name: ${PYTHON_PACKAGE}`,
    `Version: ${version}`,
    "Summary: Writes and proves SQL migrations",
    "License-Expression: MIT",
    "License-File: LICENSE",
    `Project-URL: Repository, https://github.com/${repository}`,
    "Requires-Python: >=3.7",
    "Description-Content-Type: text/markdown",
    "",
    readme,
  ].join("\n");
}
