/** What was found out about how a server wants to be asked, kept from run to run, so that no request is refused twice. */

import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MEGABYTE, readText } from "../host/read_text.ts";
import { withoutSecrets } from "../text/secrets.ts";
import type { CallFailure } from "./failure.ts";
import { cacheFolder, type Variables } from "../host/user_dirs.ts";
import { type Provider, type Rung, RUNGS } from "./providers.ts";
import type { RequestStyle } from "./wire.ts";

/** After so many days a server is asked for its best again. */
const DAYS = 30;

/** The memory of one model at one address. */
export interface RequestStyleMemory {
  current(): Promise<RequestStyle>;
  /** Keeps a request style; a file that cannot be written is no error. */
  learn(requestStyle: RequestStyle): Promise<void>;
  /** Keeps a request style for this run only: what it is good for is not known for certain. */
  tryOut(requestStyle: RequestStyle): void;
  /** Tokens that the model reads and writes at once, as far as it has been found out in this run or one before. */
  context(): number | null;
  /** The output mode that the settings demand, which nothing changes; null when it is found out. */
  readonly fixed: Rung | null;
}

/** What a model at an address is remembered by: nothing of the address that may be a secret. */
export function requestStyleKey(baseUrl: string, model: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return withoutSecrets(`${origin}${pathname.replace(/\/$/, "")} ${model}`);
}

/** Path of the file. */
export function requestStylePath(variables: Variables): string {
  return join(cacheFolder(variables), "models.json");
}

/** Opens the memory in a file; null keeps it for this run only. */
export function requestStyleMemory(
  provider: Provider,
  { key, path, fixed = null }: {
    readonly key: string;
    readonly path: string | null;
    readonly fixed?: Rung | null;
  },
): RequestStyleMemory {
  let requestStyle: RequestStyle | null = null;
  let kept: RequestStyle | null = null;
  return {
    fixed,
    context: () => requestStyle?.context ?? null,
    current: async () => {
      if (requestStyle === null) {
        kept = (path === null ? null : await remembered(path, key)) ?? firstRequestStyle(provider);
        requestStyle = kept;
      }
      return fixed === null ? requestStyle : { ...requestStyle, rung: fixed };
    },
    learn: async (learned) => {
      // A mode that is only tried out, or demanded, is nothing to remember.
      const same = fixed !== null || learned.rung === requestStyle?.rung;
      kept = { ...learned, rung: same ? kept?.rung ?? provider.rung : learned.rung };
      requestStyle = learned;
      if (path !== null) await remember(path, key, kept).catch(() => {});
    },
    tryOut: (tried) => void (requestStyle = tried),
  };
}

/** How a server is asked when nothing is known of it. */
export function firstRequestStyle(provider: Provider): RequestStyle {
  return { rung: provider.rung, without: [], otherMaxField: false, limit: null, context: null };
}

/** The request style to try after a server refused a field; null when there is none left. */
export function adapted(
  requestStyle: RequestStyle,
  failure: CallFailure,
  { provider, asked }: { readonly provider: Provider; readonly asked: number },
): RequestStyle | null {
  switch (failure.field) {
    case undefined:
      return null;
    case "format":
      return simpler(requestStyle, provider);
    case "parameters":
      return without(requestStyle, "temperature") ?? simpler(requestStyle, provider);
    case "max_tokens":
      if (
        failure.limit !== undefined && failure.limit < Math.min(asked, requestStyle.limit ?? asked)
      ) {
        return { ...requestStyle, limit: failure.limit };
      }
      if (!requestStyle.otherMaxField) return { ...requestStyle, otherMaxField: true };
      return without(requestStyle, "max_tokens");
    default:
      return without(requestStyle, failure.field);
  }
}

/** One rung down; null on the last one. Anthropic's schemas are always strict. */
export function simpler(requestStyle: RequestStyle, { wire }: Provider): RequestStyle | null {
  const rungs = wire === "anthropic" ? RUNGS.filter((rung) => rung !== "schema") : RUNGS;
  const rung = rungs[rungs.indexOf(requestStyle.rung) + 1];
  return rung === undefined ? null : { ...requestStyle, rung };
}

function without(requestStyle: RequestStyle, field: string): RequestStyle | null {
  if (requestStyle.without.includes(field)) return null;
  return { ...requestStyle, without: [...requestStyle.without, field] };
}

async function remembered(path: string, key: string): Promise<RequestStyle | null> {
  const entry = record((await readAll(path))[key]);
  const { rung, without, otherMaxField, limit, context, since } = entry;
  const age = Date.now() - Date.parse(String(since));
  if (!(age >= 0 && age < DAYS * 86_400_000) || !RUNGS.includes(rung as Rung)) return null;
  return {
    rung: rung as Rung,
    without: Array.isArray(without) ? without.map(String) : [],
    otherMaxField: otherMaxField === true,
    limit: typeof limit === "number" ? limit : null,
    context: typeof context === "number" ? context : null,
  };
}

async function remember(path: string, key: string, requestStyle: RequestStyle): Promise<void> {
  const all = await readAll(path);
  const since = new Date().toISOString().slice(0, 10);
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(draft, JSON.stringify({ ...all, [key]: { ...requestStyle, since } }, null, 1));
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

async function readAll(path: string): Promise<Record<string, unknown>> {
  try {
    return record(JSON.parse(await readText(path, { limit: MEGABYTE })));
  } catch {
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}
