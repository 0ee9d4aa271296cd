/** Finds, makes and opens the files of a cluster without walking their whole path each time. */

import type { FileNode, FileStream, FileSystem } from "./emscripten.ts";

/**
 * Makes a file system quick at the files under one folder: Postgres makes and opens thousands in two or three folders, and the
 * usual way splits and joins the path again at every step, and tells by a failure that nothing is there. What is not plainly a
 * file or a folder, or not plainly missing, is left to the usual way.
 */
export function quickenFiles(fs: FileSystem, root: string): void {
  const lookup = fs.lookupPath.bind(fs);
  const open = fs.open.bind(fs);
  const next = fs.nextfd.bind(fs);
  const find = finder(fs, root);
  const nothing = new fs.ErrnoError(NO_SUCH_FILE);
  fs.lookupPath = (path, options = {}) => {
    const place = find(path);
    if (place === null) return lookup(path, options);
    const { folder, name, whole } = place;
    if (options.parent === true) {
      return { path: whole.slice(0, whole.lastIndexOf("/")), node: folder };
    }
    const node = entry(folder, name);
    if (node !== undefined) {
      return isPlain(fs, node) ? { path: whole, node } : lookup(path, options);
    }
    if (options.noent_okay === true) return { path: whole };
    throw nothing;
  };
  fs.open = (path, flags, mode = USUAL_MODE) => {
    if (typeof flags !== "number" || (flags & UNUSUAL) !== 0) return open(path, flags, mode);
    const place = find(path);
    if (place === null) return open(path, flags, mode);
    const { folder, name, whole } = place;
    const known = entry(folder, name);
    const isUsual = known === undefined
      ? (flags & CREATE) !== 0
      : (flags & EXCLUSIVE) === 0 && fs.isFile(known.mode);
    if (!isUsual) return open(path, flags, mode);
    const node = known ?? folder.node_ops.mknod(folder, name, REGULAR | (mode & PERMISSIONS), 0);
    return openStream(fs, node, { path: whole, flags: flags & ~EXCLUSIVE, position: 0 });
  };
  fs.nextfd = () => {
    const free = fs.streams.indexOf(null);
    return free < 0 ? next() : free;
  };
}

/** Opens a file that is there, as the next descriptor or as the given one. */
export function openStream(
  fs: FileSystem,
  node: FileNode,
  file: { readonly path: string; readonly flags: number; readonly position: number },
  fd?: number,
): FileStream {
  const { path, flags, position } = file;
  const { stream_ops } = node;
  const fields = { node, path, flags, position, stream_ops, seekable: true, ungotten: [] };
  return fs.createStream({ ...fields, error: false }, fd);
}

/** The number of the error that says that nothing is there (WASI's ENOENT). */
const NO_SUCH_FILE = 44;

/** Bits of `flags`: O_CREAT, O_EXCL, and O_NOCTTY, O_TRUNC, O_APPEND, O_DIRECTORY, O_NOFOLLOW and O_PATH together. */
const CREATE = 0o100;
const EXCLUSIVE = 0o200;
const UNUSUAL = 0o400 | 0o1000 | 0o2000 | 0o200000 | 0o400000 | 0o10000000;

/** Bits of `mode`. */
const REGULAR = 0o100000;
const PERMISSIONS = 0o777;
const USUAL_MODE = 0o666;

/** A name in a folder that is there; there may be nothing of that name. */
interface Place {
  readonly folder: FileNode;
  readonly name: string;
  /** The absolute path. */
  readonly whole: string;
}

/** Finds the place of a path under the root; null when its folder is not plainly there. */
function finder(fs: FileSystem, root: string): (path: string) => Place | null {
  const lookup = fs.lookupPath.bind(fs);
  const rename = fs.rename.bind(fs);
  const destroy = fs.destroyNode.bind(fs);
  const folders = new Map<string, FileNode>();
  fs.rename = (from, to) => {
    folders.clear();
    rename(from, to);
  };
  fs.destroyNode = (node) => {
    if (fs.isDir(node.mode)) folders.clear();
    destroy(node);
  };
  const folderAt = (path: string): FileNode | null => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    if (!`${path}/`.startsWith(root) || UNCLEAR.test(path)) return null;
    const { node } = lookup(path, { noent_okay: true });
    if (node === undefined || !fs.isDir(node.mode)) return null;
    folders.set(path, node);
    return node;
  };
  return (path) => {
    const whole = path.startsWith("/") ? path : `${fs.cwd()}/${path}`;
    const slash = whole.lastIndexOf("/");
    const name = whole.slice(slash + 1);
    if (name === "" || name === "." || name === "..") return null;
    const folder = folderAt(whole.slice(0, slash));
    return folder === null ? null : { folder, name, whole };
  };
}

/** Paths whose parts are not all names. */
const UNCLEAR = /\/(?:\.{1,2})?(?:\/|$)/;

/** Neither a link nor a place where something is mounted. */
function isPlain(fs: FileSystem, node: FileNode): boolean {
  return (fs.isFile(node.mode) || fs.isDir(node.mode)) && node.mounted === null;
}

function entry({ contents }: FileNode, name: string): FileNode | undefined {
  const found: unknown = ArrayBuffer.isView(contents) ? undefined : contents[name];
  return isNode(found) && found.name === name ? found : undefined;
}

/** False for what every object has, whatever its entries. */
function isNode(value: unknown): value is FileNode {
  return typeof value === "object" && value !== null && "name" in value;
}
