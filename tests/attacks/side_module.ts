/** A WebAssembly library as Emscripten's loader takes it, put together byte by byte, that carries JavaScript. */

import { Buffer } from "node:buffer";

/** The ways in which Emscripten's loader comes to evaluate text of a library. */
export type Carrier = "em_js" | "em_asm";

/** A library whose loading would evaluate an expression. `name` is the rest of the export's name. */
export function sideModule(expression: string, carrier: Carrier, name = "f"): Uint8Array {
  const text = Buffer.from(`${TEXTS[carrier](expression)}\0`);
  const globals = carrier === "em_js" ? [0] : [0, text.length];
  const exported = carrier === "em_js" ? [`__em_js__${name}`] : ["__start_em_asm", "__stop_em_asm"];
  return Uint8Array.from([
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...section(0, [...encoded("dylink.0"), ...section(1, [...number(text.length), 0, 0, 0])]),
    ...section(
      2,
      vector([
        [...encoded("env"), ...encoded("memory"), 2, 3, 0, ...number(65536)],
        [...encoded("env"), ...encoded("__memory_base"), 3, I32, 0],
      ]),
    ),
    ...section(6, vector(globals.map((value) => [I32, 0, I32_CONST, ...number(value), END]))),
    ...section(7, vector(exported.map((entry, at) => [...encoded(entry), 3, 1 + at]))),
    ...section(11, vector([[0, GLOBAL_GET, 0, END, ...number(text.length), ...text]])),
  ]);
}

/** The expression that writes a file of the host, in whatever runtime. */
export function writingTo(path: string): string {
  return `globalThis.process.getBuiltinModule("node:fs").writeFileSync(${
    JSON.stringify(path)
  }, "reached")`;
}

/** What the loader puts into `(arguments) => body;` and `() => { body };`. */
const TEXTS: Readonly<Record<Carrier, (expression: string) => string>> = {
  em_js: (expression) => `(void)<::>{}, ${expression}`,
  em_asm: (expression) => `}, ${expression}, () => {`,
};

const I32 = 0x7f;
const I32_CONST = 0x41;
const GLOBAL_GET = 0x23;
const END = 0x0b;

function section(id: number, content: readonly number[]): number[] {
  return [id, ...number(content.length), ...content];
}

function vector(entries: readonly (readonly number[])[]): number[] {
  return [...number(entries.length), ...entries.flat()];
}

function encoded(value: string): number[] {
  const bytes = Buffer.from(value);
  return [...number(bytes.length), ...bytes];
}

/** LEB128, with a last byte that reads as positive where numbers have a sign. */
function number(value: number): number[] {
  const bytes = [];
  for (; value > 63; value = Math.floor(value / 128)) bytes.push(value % 128 | 128);
  return [...bytes, value];
}
