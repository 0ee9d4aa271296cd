/** What the embedded SQLite is made from. */

import { writeFile } from "node:fs/promises";
import { asset, type AssetGroup, packageFile } from "../host/assets.ts";
import { Begun } from "./begun.ts";

/** The WebAssembly that sql.js needs, and its loader for a host that knows no packages. */
export const SQLJS_ASSETS: AssetGroup = {
  name: "sqljs",
  key: "1.16.0-2",
  make: async (folder) => {
    for (
      const [name, source] of [
        ["sql-wasm.wasm", "sql-wasm.wasm"],
        ["sql-wasm.js", "sql-wasm-browser.js"],
      ]
    ) {
      await writeFile(`${folder}/${name}`, await packageFile(`sql.js/dist/${source}`));
    }
  },
};

/** Its program, compiled in another thread. */
export const sqljsProgram: Begun<Uint8Array<ArrayBuffer>, WebAssembly.Module> = new Begun(
  () => asset(SQLJS_ASSETS, "sql-wasm.wasm"),
  (bytes) => WebAssembly.compile(bytes),
);
