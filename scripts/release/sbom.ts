/** The list of what the program is made of, as CycloneDX, from deno.json and deno.lock. */

import { createHash } from "node:crypto";

/** The parts of a lock file that are read. */
export interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<
    Record<string, { readonly integrity: string; readonly dependencies?: readonly string[] }>
  >;
}

/** What is described. */
export interface Described {
  readonly version: string;
  readonly repository: string;
  readonly moment: Date;
  /** Specifiers of the packages that the program uses itself: `npm:diff@9.0.0`. */
  readonly roots: readonly string[];
}

/** The bill of materials: every package that the roots need, with its version and hash. Throws for one that the lock lacks. */
export function sbom(lock: Lock, { version, repository, moment, roots }: Described): object {
  const keys = reached(lock, roots.map((root) => keyOf(lock, root)));
  const own = { type: "application", name: "aim", version, "bom-ref": `aim@${version}` };
  const components = keys.map((key) => {
    const { name, version } = partsOf(key);
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    const digest = lock.npm[key]?.integrity ?? "";
    const [, base64 = ""] = /^sha512-(.+)$/.exec(digest) ?? [];
    return {
      type: "library",
      "bom-ref": key,
      name,
      version,
      purl,
      hashes: [{ alg: "SHA-512", content: Buffer.from(base64, "base64").toString("hex") }],
    };
  });
  const dependencies = [
    { ref: own["bom-ref"], dependsOn: roots.map((root) => keyOf(lock, root)).sort() },
    ...keys.map((key) => ({ ref: key, dependsOn: needs(lock, key) })),
  ];
  const content = { components, dependencies };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([own, content]))}`,
    version: 1,
    metadata: {
      timestamp: moment.toISOString(),
      component: {
        ...own,
        licenses: [{ license: { id: "MIT" } }],
        externalReferences: [{ type: "vcs", url: `https://github.com/${repository}` }],
      },
    },
    ...content,
  };
}

/** The package of a specifier as the lock calls it. */
function keyOf({ specifiers }: Lock, specifier: string): string {
  const version = specifiers[specifier];
  if (version === undefined) throw new Error(`deno.lock does not know ${specifier}`);
  return `${partsOf(specifier.replace(/^npm:/, "")).name}@${version}`;
}

/** What a package needs, as the lock calls it: it leaves the version out where there is one only. */
function needs(lock: Lock, key: string): readonly string[] {
  const all = Object.keys(lock.npm);
  return (lock.npm[key]?.dependencies ?? []).map((name) => {
    const found = lock.npm[name] ? name : all.find((one) => partsOf(one).name === name);
    if (found === undefined) throw new Error(`deno.lock does not know ${name}, which ${key} needs`);
    return found;
  }).sort();
}

function reached(lock: Lock, roots: readonly string[]): readonly string[] {
  const found = new Set(roots);
  for (const key of found) for (const needed of needs(lock, key)) found.add(needed);
  return [...found].sort();
}

/** `@scope/name@1.2.3_peer@4` in parts: the version is without the peers. */
function partsOf(key: string): { readonly name: string; readonly version: string } {
  const at = key.indexOf("@", 1);
  return { name: key.slice(0, at), version: key.slice(at + 1).split("_")[0] ?? "" };
}

/** A UUID that the same text always has. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${
    hex.slice(20, 32)
  }`;
}
