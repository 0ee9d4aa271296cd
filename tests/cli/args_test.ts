import assert from "node:assert/strict";
import test from "node:test";
import { asksForJson, checkArguments, parseCommandLine } from "../../src/cli/args.ts";
import { completionScript } from "../../src/cli/completions.ts";
import type { Command } from "../../src/cli/command.ts";
import { COMMANDS, GROUPS } from "../../src/cli/commands/mod.ts";
import { RUN_FLAGS, SETTING_FLAGS } from "../../src/cli/flags.ts";
import { commandHelp, shortHelp } from "../../src/cli/help.ts";
import { paint } from "../../src/cli/paint.ts";
import { UsageError } from "../../src/core/error.ts";

const parse = (...argv: string[]) => parseCommandLine(argv, COMMANDS);

function refusal(...argv: string[]): UsageError {
  try {
    parse(...argv);
  } catch (error) {
    assert(error instanceof UsageError);
    return error;
  }
  return assert.fail(`taken: ${argv.join(" ")}`);
}

test("flags stand before or after the command, in long and short form", () => {
  for (
    const argv of [["-qC", "x", "diff"], ["diff", "--quiet", "--directory=x"], [
      "-q",
      "diff",
      "-Cx",
    ]]
  ) {
    const line = parse(...argv);
    assert.equal(line.command?.name, "diff");
    assert.equal(line.flags.on("quiet"), true);
    assert.equal(line.flags.text("directory"), "x", argv.join(" "));
  }
});

test("flags that set keys are given by key, repeated ones in order", () => {
  const { flags } = parse(
    ..."generate --max-retries 2 --ignore-tables a --ignore-tables=b --llm-timeout 5".split(" "),
  );
  assert.deepEqual(flags.settings, {
    max_retries: ["2"],
    ignore_tables: ["a", "b"],
    llm_timeout: ["5"],
  });
});

test("a value may begin with a dash only after an equals sign", () => {
  assert.equal(parse("generate", "--context=-x").flags.text("context"), "-x");
  assert.match(refusal("generate", "--name", "--dry-run").message, /--name needs a value/);
  assert.match(refusal("generate", "--name").message, /--name needs a value/);
});

test("unknown commands, flags and values name the nearest known one", () => {
  assert.equal(refusal("genrate").hint, "did you mean `aim generate`?");
  assert.equal(refusal("generate", "--dryrun").hint, "did you mean --dry-run?");
  assert.match(refusal("generate", "-x").hint ?? "", /aim generate --help/);
  assert.equal(refusal("diff", "--color", "alwas").hint, 'did you mean "always"?');
  assert.match(refusal("generate", "--on-ambiguity", "guess").message, /ask or drop-add or fail/);
});

test("a flag of another command is said to be one", () => {
  const error = refusal("diff", "--dry-run");
  assert.match(error.message, /`aim diff` has no flag --dry-run/);
  assert.match(error.hint ?? "", /`aim generate`/);
});

test("a switch takes no value", () => {
  assert.match(refusal("diff", "--json=yes").message, /--json takes no value/);
});

test("missing and extra arguments are refused", () => {
  const check = (...argv: string[]) => {
    const line = parse(...argv);
    checkArguments(line.command as Command, line.arguments);
  };
  assert.throws(() => check("completions"), { message: "Missing argument <shell>" });
  assert.throws(() => check("diff", "now"), { message: 'Unexpected argument "now"' });
  check("help");
  check("help", "config");
});

test("a line that does not parse is known to ask for JSON", () => {
  assert.equal(asksForJson(["dif", "--json"]), true);
  assert.equal(asksForJson(["diff", "--", "--json"]), false);
});

test("every help has a sentence, usage, examples before flags, and exit codes last", () => {
  for (const command of COMMANDS) {
    const text = commandHelp(command, paint(false));
    const order = [
      `${command.summary}.`,
      "Usage: aim",
      "Examples:",
      "For every command:",
      "Exit codes:",
    ]
      .map((part) => text.indexOf(part));
    assert.deepEqual(order, [...order].sort((a, b) => a - b), command.name);
    assert.equal(order[0], 0, command.name);
    assert(order.every((at) => at >= 0), command.name);
    assert(command.examples.length > 0, command.name);
    for (const line of text.split("\n")) assert(line.length <= 100, line);
  }
});

test("the examples of every command parse", () => {
  for (const command of COMMANDS) {
    for (const { line } of command.examples) {
      const words = /\baim ([^|<>()]*)/.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
      assert.equal(parse(...words).command?.name, command.name, line);
    }
  }
});

test("a flag has one meaning: the same name is declared alike wherever it stands", () => {
  const seen = new Map<string, string>();
  const lists = [RUN_FLAGS, SETTING_FLAGS, ...COMMANDS.map(({ flags }) => flags)];
  for (const flags of lists) {
    for (const flag of flags) {
      const shape = JSON.stringify([flag.short, flag.value === undefined, flag.repeats]);
      assert.equal(seen.get(flag.name) ?? shape, shape, flag.name);
      seen.set(flag.name, shape);
    }
  }
  for (const command of COMMANDS) {
    const common = [...RUN_FLAGS, ...SETTING_FLAGS].map(({ name }) => name);
    for (const flag of command.flags) {
      // How many rows `aim seed` takes; the setting of that name has no part in it.
      const isCount = command.name === "seed" && flag.name === "rows";
      assert(isCount || !common.includes(flag.name), flag.name);
    }
  }
});

test("a command's own flag is no setting of the same name", () => {
  const own = parse("seed", "--rows", "5");
  assert.equal(own.flags.text("rows"), "5");
  assert.deepEqual(own.flags.settings, {});
  assert.deepEqual(parse("generate", "--rows", "off").flags.settings, { rows: ["off"] });
});

test("the short help names every command", () => {
  const text = shortHelp(GROUPS, paint(false));
  for (const { name } of COMMANDS) assert.match(text, new RegExp(`^  ${name}\\b`, "m"));
});

test("every completion script knows every command and flag", () => {
  const words = { format: ["goose"], engine: ["sqlite"], topic: ["config"], shell: ["bash"] };
  for (const shell of ["bash", "zsh", "fish"] as const) {
    const script = completionScript(shell, COMMANDS, words);
    for (const { name, flags } of COMMANDS) {
      assert(script.includes(name), `${shell} ${name}`);
      for (const flag of [...flags, ...RUN_FLAGS, ...SETTING_FLAGS]) {
        assert(script.includes(flag.name), `${shell} --${flag.name}`);
      }
    }
    assert(script.includes("goose"));
  }
});
