/** `aim.services.toml`: which services there are, whose they are, where their code lies and which tables they use. */

import { dirname, join } from "node:path";
import { parseToml, type TomlFile } from "../../config/toml.ts";
import { UsageError } from "../../core/error.ts";
import { MEGABYTE, readText, systemCode } from "../../host/read_text.ts";
import { wildcard } from "../../text/wildcard.ts";
import { type Target } from "../../usage/target.ts";
import type { Use } from "../../usage/use.ts";
import { parseGlob } from "../files/glob.ts";

/** Name of the file, beside aim.toml. */
const SERVICES_FILE = "aim.services.toml";

/** A service. */
export interface Service {
  readonly name: string;
  readonly owner: string | null;
  /** Folders and globs, as files are shown. */
  readonly paths: readonly string[];
  /** Tables that it uses, `*` allowed, whether its code is here or not. */
  readonly tables: readonly string[];
}

/** Who depends on what a change touches. */
export interface Dependence {
  readonly service: string;
  readonly owner: string | null;
  /** Full name of what is used. */
  readonly object: string;
  readonly certain: number;
  readonly likely: number;
  /** The file says that it uses the table. */
  readonly isDeclared: boolean;
}

/** Reads the file of a folder; none is no service. Throws UsageError with the place for what it cannot be. */
export async function readServices(root: string): Promise<readonly Service[]> {
  const path = join(root, SERVICES_FILE);
  let text;
  try {
    text = await readText(path, { limit: MEGABYTE, shown: SERVICES_FILE, code: "services" });
  } catch (error) {
    if (error instanceof UsageError && systemCode(error.cause) === "ENOENT") return [];
    throw error;
  }
  const file = await parseToml(SERVICES_FILE, text);
  const { service = [], ...others } = file.values;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw fault(file, unknown, `Unknown key "${unknown}"`);
  if (!Array.isArray(service)) throw fault(file, "service", "Cannot use service: it is no list");
  return service.map((one, index) => serviceOf(file, one, index));
}

function serviceOf(file: TomlFile, value: unknown, index: number): Service {
  const at = `service ${index + 1}`;
  if (typeof value !== "object" || value === null) {
    throw fault(file, "service", `Cannot use ${at}: it is no table`);
  }
  const { name, owner = null, paths = [], tables = [], ...others } = value as Readonly<
    Record<string, unknown>
  >;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw fault(file, unknown, `Unknown key "${unknown}" of ${at}`);
  if (typeof name !== "string" || name === "") {
    throw fault(file, "service", `Cannot use ${at}: it has no name`);
  }
  if (owner !== null && typeof owner !== "string") {
    throw fault(file, "owner", `Cannot use the owner of ${name}: it is no text`);
  }
  for (const [key, list] of Object.entries({ paths, tables })) {
    if (Array.isArray(list) && list.every((one) => typeof one === "string")) continue;
    throw fault(file, key, `Cannot use the ${key} of ${name}: write a list of texts`);
  }
  return { name, owner, paths: paths as string[], tables: tables as string[] };
}

function fault(file: TomlFile, key: string, message: string): UsageError {
  return new UsageError(`${message} in ${file.path}`, {
    code: "services",
    hint:
      'write [[service]] with name = "billing", owner = "@payments", paths = ["billing/"], tables = ["invoices"]',
    ...(file.locate(key) ?? {}),
  });
}

/** The service that a file belongs to: of several the one with the longest path. Null for none. */
function serviceOfFile(services: readonly Service[]): (file: string) => Service | null {
  const rules = services.flatMap((service) =>
    service.paths.map((path) => {
      const plain = path.replace(/^\.\//, "").replace(/\/+$/, "");
      const glob = parseGlob(plain);
      const inside = parseGlob(`${plain}/**`);
      return {
        service,
        length: plain.length,
        matches: (file: string) => plain === "." || glob.matches(file) || inside.matches(file),
      };
    })
  ).sort((a, b) => b.length - a.length);
  return (file) => rules.find(({ matches }) => matches(file))?.service ?? null;
}

/** Who depends on targets, by their uses and by what services say; uses of no service by the folder of their file. */
export function dependencesOf(
  services: readonly Service[],
  targets: readonly Target[],
  uses: readonly Use[],
): readonly Dependence[] {
  const owner = serviceOfFile(services);
  const found = new Map<string, Dependence>();
  const add = (service: string, of: Service | null, target: Target, use: Use | null) => {
    const key = `${service}\n${target.name}`;
    const known = found.get(key) ?? {
      service,
      owner: of?.owner ?? null,
      object: target.name,
      certain: 0,
      likely: 0,
      isDeclared: false,
    };
    found.set(key, {
      ...known,
      certain: known.certain + (use?.certainty === "certain" ? 1 : 0),
      likely: known.likely + (use?.certainty === "likely" ? 1 : 0),
      isDeclared: known.isDeclared || use === null,
    });
  };
  for (const use of uses) {
    if (use.via === "catalog") add("(database)", null, use.target, use);
    else if (services.length > 0) {
      const service = owner(use.file);
      add(service?.name ?? (dirname(use.file).split("/")[0] || "."), service, use.target, use);
    }
  }
  for (const service of services) {
    const isOwn = service.tables.map(wildcard);
    for (const target of targets) {
      if (isOwn.some((matches) => matches(target.table))) add(service.name, service, target, null);
    }
  }
  return [...found.values()].sort((a, b) =>
    a.object === b.object ? (a.service < b.service ? -1 : 1) : a.object < b.object ? -1 : 1
  );
}
