/** Brings backends to life, with the libraries that every image of them has. */

import { Backend, type BackendOptions, type Image } from "./backend.ts";
import type { FileTree } from "./data_directory.ts";
import { librariesOf } from "./extensions.ts";
import { queryMessage } from "../postgres_wire/messages.ts";

type Options = Omit<BackendOptions, "libraries">;

/** Boots one on a prepared data directory. */
export async function bootBackend(options: Options, tree: FileTree): Promise<Backend> {
  const backend = await Backend.start({ ...options, libraries: BUILT_IN_LIBRARIES, tree });
  loadLibraries(backend, [...BUILT_IN_LIBRARIES, ...librariesOf(options.extraFiles.keys())]);
  return backend;
}

/** The quickest way to one: from an image, which may still be on its way. */
export async function resumeBackend(options: Options, image: Promise<Image>): Promise<Backend> {
  const backend = await Backend.resume({ ...options, libraries: BUILT_IN_LIBRARIES }, image);
  loadLibraries(backend, librariesOf(options.extraFiles.keys()));
  return backend;
}

const BUILT_IN_LIBRARIES = ["plpgsql", "dict_snowball"];

/** A first load is cheap and without a trace in the catalog; done before the first image, it is part of all of them. */
function loadLibraries(backend: Backend, libraries: readonly string[]): void {
  for (const library of libraries) {
    const { error } = backend.send(queryMessage(`LOAD '${library}'`));
    if (error !== null) throw new Error(`Cannot load the library "${library}": ${error.M}`);
  }
}
