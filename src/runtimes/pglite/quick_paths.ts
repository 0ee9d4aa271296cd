/** Looks up the files of a cluster without walking their whole path each time. */

import type { FileNode, FileSystem } from "./emscripten.ts";

/**
 * Makes a file system quick at finding the files under one folder: Postgres opens thousands in two or three folders, and the
 * usual way splits and joins the path again at every step. What is not plainly there is left to the usual way, with its errors.
 */
export function quickenLookups(fs: FileSystem, root: string): void {
  const lookup = fs.lookupPath.bind(fs);
  const rename = fs.rename.bind(fs);
  const folders = new Map<string, FileNode>();
  fs.rename = (from, to) => {
    folders.clear();
    rename(from, to);
  };
  const folderAt = (path: string): FileNode | undefined => {
    const known = folders.get(path);
    if (known !== undefined && isAttached(known)) return known;
    const { node } = lookup(path);
    if (node !== undefined) folders.set(path, node);
    return node;
  };
  fs.lookupPath = (path, options = {}) => {
    const whole = path.startsWith("/") ? path : `${fs.cwd()}/${path}`;
    if (!whole.startsWith(root) || UNCLEAR.test(whole)) return lookup(path, options);
    const slash = whole.lastIndexOf("/");
    const above = whole.slice(0, slash);
    const folder = folderAt(above);
    if (folder === undefined || !fs.isDir(folder.mode)) return lookup(path, options);
    if (options.parent === true) return { path: above, node: folder };
    const node = entry(folder, whole.slice(slash + 1));
    if (node === undefined) {
      return options.noent_okay === true ? { path: whole } : lookup(path, options);
    }
    // Neither a link nor a place where something is mounted.
    const isPlain = (fs.isFile(node.mode) || fs.isDir(node.mode)) && node.mounted === null;
    return isPlain ? { path: whole, node } : lookup(path, options);
  };
}

/** Paths whose parts are not all names. */
const UNCLEAR = /\/(?:\.{1,2})?(?:\/|$)/;

function entry(folder: FileNode, name: string): FileNode | undefined {
  const { contents } = folder;
  return ArrayBuffer.isView(contents) || !Object.hasOwn(contents, name)
    ? undefined
    : contents[name];
}

/** False once the folder, or one that it is in, was taken out of its parent. */
function isAttached(folder: FileNode): boolean {
  for (let node = folder; node.parent !== node; node = node.parent) {
    if (entry(node.parent, node.name) !== node) return false;
  }
  return true;
}
