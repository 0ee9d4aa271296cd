/** Migrations that are classes with the methods `up` and `down`, written in JavaScript or TypeScript. */

import { calledStatements, commentLines } from "./code_statements.ts";
import type { RenderInput, SourceFile } from "./format.ts";
import { extensionOf, javascriptCalls, javascriptHeader } from "./javascript_lines.ts";
import { needsMarker, partsFor, type PartToWrite } from "./rendering.ts";
import { compareText, nextVersions } from "./versions.ts";

/** How a class is written: in which language, and as which kind of module. */
export interface ClassStyle {
  readonly className: string;
  readonly isModule: boolean;
  readonly isTyped: boolean;
}

/** What differs from runner to runner. */
export interface ClassRunner {
  readonly name: string;
  readonly title: string;
  isOwn(path: string): boolean;
  /** Versions of the files that are there. */
  versions(own: readonly SourceFile[]): readonly string[];
  /** The version that an empty folder begins with. */
  first(now: Date): string;
  /** Of the next file, without extension. */
  names(version: string, name: string): { readonly file: string; readonly className: string };
  /** A statement handed to the server. */
  call(literal: string): string;
  /** The first line of a method. */
  method(direction: "up" | "down", style: ClassStyle): string;
  /** What the reader must know of a migration outside of a transaction. */
  readonly apartNote: string;
  /** The member that says so. */
  apart(style: ClassStyle): string;
  /** What stands around the methods, comment lines at the top included. */
  around(style: ClassStyle, header: string): { readonly head: string; readonly tail: string };
}

/** The next file, in the language and the kind of modules of the folder's last one. */
export function renderClass(
  runner: ClassRunner,
  input: RenderInput,
  { existing, now }: { readonly existing: readonly SourceFile[]; readonly now: Date },
): readonly SourceFile[] {
  const parts = partsFor(runner.name, runner.title, input);
  const own = existing.filter(({ path }) => runner.isOwn(path))
    .sort((a, b) => compareText(a.path, b.path));
  const extension = extensionOf(own.map(({ path }) => path), "ts");
  const isModule = extension !== "cjs" &&
    (extension !== "js" || /^export\s/m.test(own.at(-1)?.text ?? ""));
  const versions = nextVersions(
    { versions: runner.versions(own), now, first: runner.first(now) },
    parts.length,
  );
  return parts.map((part, index) => {
    const { file, className } = runner.names(versions[index] ?? "", part.name);
    const style = { className, isModule, isTyped: extension.includes("t") };
    return { path: `${file}.${extension}`, text: text(runner, part, { input, style }) };
  });
}

function text(
  runner: ClassRunner,
  part: PartToWrite,
  { input, style }: { readonly input: RenderInput; readonly style: ClassStyle },
): string {
  const apart = needsMarker([...part.up, ...part.down], input.dialect);
  const section = (direction: "up" | "down") => {
    const lines = javascriptCalls(calledStatements(part[direction], { apart }), {
      indent: "    ",
      call: runner.call,
    });
    return `  ${runner.method(direction, style)} {\n${lines}  }\n`;
  };
  const notes = apart ? [runner.apartNote] : [];
  const { head, tail } = runner.around(
    style,
    javascriptHeader([...commentLines(part.header), ...notes]),
  );
  return `${head}${apart ? runner.apart(style) : ""}${section("up")}\n${section("down")}${tail}`;
}
