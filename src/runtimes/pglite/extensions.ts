/** Extension archives: what is in them, and what must be added to a backend for a set of extensions. */

import { gunzipSync, gzipSync } from "node:zlib";
import { Buffer } from "node:buffer";

/** One extension that can be added. */
export interface Extension {
  /** Name of the archive that holds it; several extensions may share one. */
  readonly archive: string;
  readonly version: string;
  /** Extensions that must be there as well. */
  readonly requires: readonly string[];
}

/** Extensions by name, as `CREATE EXTENSION` has it. */
export type ExtensionCatalog = Readonly<Record<string, Extension>>;

/** The archives that hold the extensions and all that they require. Names that the catalog lacks are passed over. */
export function archivesOf(names: readonly string[], catalog: ExtensionCatalog): string[] {
  const seen = new Set<string>();
  const archives = new Set<string>();
  const visit = (name: string) => {
    const extension = Object.hasOwn(catalog, name) ? catalog[name] : undefined;
    if (extension === undefined || seen.has(name)) return;
    seen.add(name);
    extension.requires.forEach(visit);
    archives.add(extension.archive);
  };
  names.forEach(visit);
  return [...archives];
}

/** The files of a gzipped tar archive by path. */
export function readArchive(bytes: Uint8Array): Map<string, Uint8Array> {
  const tar = gunzipSync(bytes);
  const files = new Map<string, Uint8Array>();
  let longName: string | null = null;
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const size = parseInt(field(tar, at + 124, 12), 8) || 0;
    const type = String.fromCharCode(tar[at + 156] ?? 0);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    const prefix = field(tar, at + 345, 155);
    const name: string = longName ??
      (prefix === "" ? "" : `${prefix}/`) + field(tar, at, 100);
    longName = type === "L" ? field(content, 0, size) : null;
    if (type === "0" || type === "\0") files.set(name.replace(/^\.\//, ""), content);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** A gzipped tar archive of texts by path; paths have at most 255 bytes. */
export function packArchive(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array[] = [];
  for (const [path, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const slash = path.lastIndexOf("/");
    const header = Buffer.alloc(BLOCK);
    header.write(path.slice(slash + 1), 0, 100);
    header.write(content.length.toString(8).padStart(11, "0"), 124, 12);
    header.write("0", 156, 1);
    header.write(slash < 0 ? "" : path.slice(0, slash), 345, 155);
    blocks.push(header, content, Buffer.alloc((BLOCK - content.length % BLOCK) % BLOCK));
  }
  return new Uint8Array(gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])));
}

/** The extensions that an archive's control files declare. */
export function readCatalog(archive: string, files: ReadonlyMap<string, Uint8Array>) {
  const catalog: Record<string, Extension> = {};
  for (const [path, bytes] of files) {
    const name = /\/extension\/([^/]+)\.control$/.exec(path)?.[1];
    if (name === undefined) continue;
    const control = Buffer.from(bytes).toString();
    catalog[name] = {
      archive,
      version: setting(control, "default_version") ?? "",
      requires: setting(control, "requires")?.split(",").map((word) => word.trim()) ?? [],
    };
  }
  return catalog;
}

/** Names of the libraries in an archive, as `LOAD` takes them. */
export function librariesOf(files: Iterable<string>): string[] {
  return [...files].flatMap((path) => /([^/]+)\.so$/.exec(path)?.[1] ?? []);
}

const BLOCK = 512;

function field(bytes: Uint8Array, start: number, length: number): string {
  const part = Buffer.from(bytes.buffer, bytes.byteOffset + start, length);
  const end = part.indexOf(0);
  return part.toString("utf8", 0, end < 0 ? length : end).trim();
}

function setting(control: string, key: string): string | undefined {
  return new RegExp(`^\\s*${key}\\s*=\\s*'([^']*)'`, "m").exec(control)?.[1];
}
