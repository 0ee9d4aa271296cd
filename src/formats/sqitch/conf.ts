/** `sqitch.conf`: the sections and keys that say where things are. */

import type { SourceFile } from "../format.ts";

/** Where a project keeps its files, by path in the folder that holds sqitch.conf. */
export interface SqitchConf {
  readonly engine: string | null;
  readonly plan: string;
  readonly deploy: string;
  readonly revert: string;
  readonly verify: string;
  /** Folders of the scripts of changes that were reworked later; null means beside the others. */
  readonly reworked: Readonly<Record<"deploy" | "revert" | "verify", string | null>>;
  readonly extension: string;
  /** psql's variables, for deploying and for reverting. */
  readonly variables: Readonly<Record<"deploy" | "revert", ReadonlyMap<string, string>>>;
  readonly user: { readonly name: string | null; readonly email: string | null };
}

/** The settings of a project; those of sqitch itself where `file` is absent. */
export function sqitchConf(file: SourceFile | undefined): SqitchConf {
  const values = readIni(file?.text ?? "");
  const engine = values.get("core.engine") ?? null;
  const get = (key: string) =>
    (engine === null ? undefined : values.get(`engine.${engine}.${key}`)) ??
      values.get(`core.${key}`);
  const top = folder(get("top_dir") ?? ".");
  const inside = (key: string, name: string) => folder(get(key) ?? join(top, name));
  const old = get("reworked_dir");
  const reworked = (name: string) => {
    const own = get(`reworked_${name}_dir`) ?? (old === undefined ? null : join(old, name));
    return own === null ? null : folder(own);
  };
  const variables = (verb: string) =>
    new Map([...section(values, "core.variables."), ...section(values, `${verb}.variables.`)]);
  return {
    engine,
    plan: folder(get("plan_file") ?? join(top, "sqitch.plan")),
    deploy: inside("deploy_dir", "deploy"),
    revert: inside("revert_dir", "revert"),
    verify: inside("verify_dir", "verify"),
    reworked: {
      deploy: reworked("deploy"),
      revert: reworked("revert"),
      verify: reworked("verify"),
    },
    extension: get("extension") ?? "sql",
    variables: {
      deploy: variables("deploy"),
      revert: new Map([...variables("deploy"), ...variables("revert")]),
    },
    user: { name: values.get("user.name") ?? null, email: values.get("user.email") ?? null },
  };
}

/** Joins folder and name with `/`, without a leading `./`. */
export function join(parent: string, name: string): string {
  return folder(parent === "" || parent === "." ? name : `${parent}/${name}`);
}

/** Reads git's kind of configuration: `[section "sub"]`, `key = value`. Keys come out as `section.sub.key`. */
export function readIni(text: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  let prefix = "";
  for (const line of text.split(/\r?\n/)) {
    const head = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (head !== null) {
      prefix = head[1]?.toLowerCase() + (head[2] === undefined ? "" : `.${head[2]}`);
      continue;
    }
    const entry = /^\s*([\w-]+)\s*(?:=\s*(.*))?$/.exec(line);
    if (entry !== null) out.set(`${prefix}.${entry[1]}`, unquote(entry[2] ?? "true"));
  }
  return out;
}

function unquote(value: string): string {
  const plain = /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
  if (plain !== undefined) return plain.replace(/\\(.)/g, "$1");
  return value.replace(/\s+[#;].*$/, "").trim();
}

function section(
  values: ReadonlyMap<string, string>,
  prefix: string,
): readonly (readonly [string, string])[] {
  return [...values].filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value]);
}

function folder(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
