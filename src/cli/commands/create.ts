/** `aim create`. */

import { EXIT, UsageError } from "../../core/error.ts";
import type { CreateOutcome, UnclearRequest } from "../../pipeline/mod.ts";
import { alert, answer, type Command, type Context, exactAnswer, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { ALL_KEYS, MODEL_FLAGS } from "../flags.ts";
import { open } from "../open.ts";
import { checkedName, dataOf, generate, generateOptions, generatePieces } from "./generate.ts";

/** Flags of `aim generate` that mean the same here. */
const SHARED = ["name", "answer", "assume-empty", "data"];

/** The most requests of one run. */
const MOST = 100;

/** Changes the schema as a sentence says, and writes the migration. */
export const create: Command = {
  name: "create",
  summary: "Change schema.sql as a sentence says, then write the migration, proven up and down",
  more: [
    "A small grammar reads what is certain, without a model: add, drop, rename and change columns, tables and indexes. Any other sentence goes to the model that is set, which answers with whole statements of the schema. What can mean two things is a question: on a terminal you are asked, elsewhere the run ends with exit 1 and the requests that are clear; or say more with --clarify.",
    "The text of the schema is edited where the object stands; comments and order stay. The edited schema is loaded and compared with the one before: where more would change than the request, or the model's answer, names, nothing is done. The diff of the text and the changes of the catalog are shown, and you are asked; elsewhere than on a terminal pass --yes.",
    "Schema and migration are written together, when the migration is proven, or neither is. Of several requests, in a file with one a line, all are carried out or none.",
  ],
  arguments: [{
    name: "request",
    required: false,
    repeats: true,
    summary: "What to change, in words: add email text to users",
  }],
  flags: [
    { name: "file", value: "PATH", summary: "Read requests from a file, one a line; - for stdin" },
    {
      name: "clarify",
      value: "TEXT",
      repeats: true,
      summary: "Say more to a request that goes to the model",
    },
    { name: "yes", short: "y", summary: "Do it without asking" },
    { name: "edit-only", summary: "Stop after schema.sql is edited; renames become annotations" },
    { name: "dry-run", summary: "Show and prove it, and write nothing" },
    ...generate.flags.filter(({ name }) => SHARED.includes(name)),
    ...MODEL_FLAGS,
  ],
  settings: ALL_KEYS,
  examples: [
    {
      line: 'aim create --yes "add email_verified to users, false for the old ones"',
      what: "a required column, and what the rows that are there get",
    },
    { line: 'aim create --dry-run "add nickname text to users"', what: "look before it is done" },
    { line: 'aim create --edit-only -y "index users(fullname)"', what: "edit schema.sql alone" },
  ],
  exits: exits({
    [EXIT.ok]: "Done, or shown with --dry-run",
    [EXIT.no]:
      "The request is unclear or would change more than it names, nobody agreed, or the migration is not proven; nothing was written",
    [EXIT.setup]: "No runtime can serve the engine",
    [EXIT.provider]: "The model's provider failed",
  }),
  run: async (context) => {
    const requests = await requestsOf(context);
    const wanted = context.flags.text("name");
    const name = wanted === null ? null : await checkedName(wanted);
    const project = await open(context);
    const { create } = await import("../../pipeline/mod.ts");
    const report = await import("../report/create.ts");
    const dryRun = context.flags.on("dry-run");
    const options = {
      ...generateOptions(context, project, name),
      ...readingOptions(context),
      ...confirmation(context, report.renderEdit),
    };
    const data = await dataOf(context, project);
    const outcome = await create(project, requests, {
      ...options,
      ...(data === null ? {} : { data }),
    });
    const { generated, edit } = outcome;
    const isShown = options.isShown;
    return {
      exit: isGood(outcome) ? EXIT.ok : EXIT.no,
      lasting: outcome.written,
      json: report.createJson(outcome),
      pieces: [
        ...(edit === null || isShown() ? [] : [
          dryRun && generated === null
            ? answer((paint) => report.renderEdit(edit, paint))
            : talk((paint) => report.renderEdit(edit, paint)),
        ]),
        talk((paint) => report.renderAsked(outcome, paint)),
        alert((paint) => report.renderStop(outcome, paint)),
        ...(outcome.written
          ? [exactAnswer(() => report.changedPaths(outcome).map((path) => `${path}\n`).join(""))]
          : []),
        ...(generated === null
          ? []
          : await generatePieces(generated, { context, dryRun, project })),
        ...(generated === null
          ? [talk((paint) => report.renderEnd(outcome, { paint, dryRun }))]
          : []),
      ],
    };
  },
};

function isGood({ outcome }: CreateOutcome): boolean {
  return outcome === "edited" || outcome === "proven";
}

/** How requests are read: whom to ask which one was meant, and what was said besides. */
function readingOptions({ flags, prompts }: Context) {
  return {
    editOnly: flags.on("edit-only"),
    clarified: flags.all("clarify"),
    ...(prompts === null ? {} : {
      askRequest: async ({ request, question, options }: UnclearRequest) => {
        const chosen = await prompts.select(question, [
          ...options.map((value) => ({ value, label: value })),
          { value: OWN_WORDS, label: "Say it in other words" },
          { value: "", label: "Stop here" },
        ]);
        if (chosen === "") return null;
        if (chosen !== OWN_WORDS) return chosen;
        const empty = "Say what to change";
        return await prompts.text("What to change", { initial: request, empty });
      },
    }),
  };
}

/** Stands for a request that is typed. */
const OWN_WORDS = "\u0000words";

/** Asks on a terminal; elsewhere `--yes` agrees, and a dry run asks nobody. */
function confirmation(
  { flags, prompts, emit }: Context,
  render: typeof import("../report/create.ts").renderEdit,
) {
  let isShown = false;
  if (flags.on("yes") || flags.on("dry-run")) return { isShown: () => isShown };
  if (prompts === null) return { isShown: () => isShown, confirm: () => Promise.resolve(false) };
  return {
    isShown: () => isShown,
    confirm: async (edit: Parameters<typeof render>[0]) => {
      const { paint } = await import("../paint.ts");
      isShown = true;
      emit({ type: "note", text: `The schema would change:\n${render(edit, paint(false))}` });
      return await prompts.confirm("Change it so?", true);
    },
  };
}

/** The requests: the words of the command line are one, the lines of a file one each. Throws UsageError for none. */
async function requestsOf(context: Context): Promise<readonly string[]> {
  const { flags, signal } = context;
  const words = context.arguments.join(" ").trim();
  const path = flags.text("file");
  const text = path === null ? "" : await textOf(path, signal);
  const lines = text.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const requests = [...(words === "" ? [] : [words]), ...lines];
  if (requests.length > MOST) {
    throw new UsageError(`Cannot carry out ${requests.length} requests in one run`, {
      code: "request",
      hint: `give at most ${MOST}`,
    });
  }
  if (requests.length > 0) return requests;
  throw new UsageError("Nothing is requested", {
    code: "request",
    hint: 'say what to change: aim create "add email text to users"',
  });
}

async function textOf(path: string, signal: AbortSignal): Promise<string> {
  const { MEGABYTE, readStdin, readText } = await import("../../host/read_text.ts");
  const limits = { limit: MEGABYTE, hint: "give at most a megabyte" };
  return path === "-" ? await readStdin(limits, signal) : await readText(path, limits);
}
