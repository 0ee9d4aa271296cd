/** The tools that an agent gets: each is a command of aim, with flags made of checked arguments. */

import { UsageError } from "../../core/error.ts";

/** What a tool takes, as JSON schema. */
export interface ToolSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/** One tool. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: ToolSchema;
  /** True for one that writes files where it may. */
  readonly writes: boolean;
  /** The command line, from arguments that fit the schema. */
  readonly line: (given: Arguments, mayWrite: boolean) => readonly string[];
}

/** Arguments of a call. */
export type Arguments = Readonly<Record<string, unknown>>;

const TEXT = { type: "string", maxLength: 2000 } as const;
const TEXTS = { type: "array", items: TEXT, maxItems: 50 } as const;
const SWITCH = { type: "boolean" } as const;

function schema(
  properties: ToolSchema["properties"],
  required: readonly string[] = [],
): ToolSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

const ANSWERS = {
  answers: {
    ...TEXTS,
    description:
      "Answers to open choices, as their flags show them: fill:users.email=expression=''",
  },
  renames: { ...TEXTS, description: "What was renamed: users.fullname=name, table:people=users" },
  write: { ...SWITCH, description: "Write what is proven; refused unless the server may write" },
};

/** All tools. */
export const TOOLS: readonly Tool[] = [
  {
    name: "doctor",
    description: "What this machine can prove on, and how far the project is set up",
    inputSchema: schema({}),
    writes: false,
    line: () => ["doctor"],
  },
  {
    name: "diff",
    description: "What schema.sql has that the migrations do not, and the other way round",
    inputSchema: schema({}),
    writes: false,
    line: () => ["diff"],
  },
  {
    name: "create",
    description:
      'Change schema.sql as a sentence says ("add phone text to users") and prove the migration',
    inputSchema: schema({
      request: { ...TEXT, description: "One change, in words" },
      clarify: { ...ANSWERS.answers, description: "More words, after a question" },
      answers: ANSWERS.answers,
      write: ANSWERS.write,
    }, ["request"]),
    writes: true,
    line: (given, mayWrite) => [
      "create",
      ...flags("answer", given.answers),
      ...flags("clarify", given.clarify),
      ...writing(given, mayWrite),
      ...(given.write === true ? ["--yes"] : []),
      "--",
      String(given.request),
    ],
  },
  {
    name: "generate",
    description: "Plan the migration from the migrations to schema.sql and prove it up and down",
    inputSchema: schema({ ...ANSWERS, name: TEXT }),
    writes: true,
    line: (given, mayWrite) => [
      "generate",
      ...flags("answer", given.answers),
      ...flags("rename", given.renames),
      ...(given.name === undefined ? [] : [`--name=${given.name}`]),
      ...writing(given, mayWrite),
    ],
  },
  {
    name: "validate",
    description: "Prove every migration: up, down, and up again",
    inputSchema: schema({ strict: SWITCH }),
    writes: false,
    line: ({ strict }) => ["validate", ...(strict === true ? ["--strict"] : [])],
  },
  {
    name: "lint",
    description: "What the last migrations lock, rewrite, scan, lose and break",
    inputSchema: schema({
      latest: { type: "integer", minimum: 1, maximum: 1000 },
      strict: SWITCH,
    }),
    writes: false,
    line: ({ latest, strict }) => [
      "lint",
      ...(latest === undefined ? [] : [`--latest=${latest}`]),
      ...(strict === true ? ["--strict"] : []),
    ],
  },
  {
    name: "explain",
    description: "What a code of lint means, why it is dangerous, and what to do instead",
    inputSchema: schema({ code: TEXT }),
    writes: false,
    line: ({ code }) => ["explain", ...(code === undefined ? [] : ["--", String(code)])],
  },
];

function flags(name: string, values: unknown): readonly string[] {
  return Array.isArray(values) ? values.map((value) => `--${name}=${value}`) : [];
}

function writing({ write }: Arguments, mayWrite: boolean): readonly string[] {
  if (write !== true) return ["--dry-run"];
  if (mayWrite) return [];
  throw new UsageError("Cannot write: the server was started without --allow-write", {
    code: "read-only",
    hint: "leave out write, or start it with aim mcp --allow-write",
  });
}

/** What is wrong with arguments by the schema, in words; null for nothing. */
export function argumentFault(
  given: Arguments,
  { properties, required }: ToolSchema,
): string | null {
  const missing = required.find((key) => given[key] === undefined);
  if (missing !== undefined) return `"${missing}" is missing`;
  for (const [key, value] of Object.entries(given)) {
    const wanted = properties[key];
    if (wanted === undefined) return `"${key}" is no argument`;
    if (!fits(value, wanted)) return `"${key}" must be of type ${wanted.type}`;
  }
  return null;
}

function fits(value: unknown, wanted: Readonly<Record<string, unknown>>): boolean {
  switch (wanted.type) {
    case "string":
      return typeof value === "string" && value.length <= TEXT.maxLength;
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000;
    default:
      return Array.isArray(value) && value.length <= TEXTS.maxItems &&
        value.every((one) => fits(one, TEXT));
  }
}
