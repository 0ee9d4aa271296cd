import assert from "node:assert/strict";
import test from "node:test";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { completionScript, completionWords } from "../../src/cli/completions.ts";
import { manText } from "../../src/cli/topics/man.ts";

const page = manText(COMMANDS, { version: "9.9.9", date: "2026-01-31" });

test("the manual page has every command and flag", () => {
  assert.match(page, /^\.TH AIM 1 2026-01-31 "aim 9\.9\.9"/);
  for (const { name, flags } of COMMANDS) {
    assert.match(page, new RegExp(`^\\.SS aim ${name}`, "m"));
    for (const flag of flags) assert.ok(page.includes(flag.name.replaceAll("-", "\\-")), flag.name);
  }
});

test("no text of the manual page is read as a request of roff", () => {
  const known = /^\.(?:TH|SH|SS|TP|PP|B|I|IR|RI)(?: |$)/;
  const wrong = page.split("\n").filter((line) => /^[.']/.test(line) && !known.test(line));
  assert.deepEqual(wrong, []);
  assert.doesNotMatch(page, /(?<!\\)\\(?![-e&(])/);
});

test("PowerShell's tables have no key twice, whatever its case", async () => {
  const script = completionScript("powershell", COMMANDS, await completionWords(COMMANDS));
  const tables = [...script.matchAll(/^ {2}\$\w+ = (?:\[ordered\])?@\{\n([\s\S]*?)^ {2}\}/gm)];
  assert.equal(tables.length, 4);
  for (const [, body = ""] of tables) {
    const keys = [...body.matchAll(/^ {4}'([^']*)' = /gm)].map(([, key = ""]) => key.toLowerCase());
    assert.ok(keys.length > 5);
    assert.equal(new Set(keys).size, keys.length);
  }
});

test("nushell's script has a signature of every command and a completer of every list", async () => {
  const script = completionScript("nushell", COMMANDS, await completionWords(COMMANDS));
  for (const { name } of COMMANDS) assert.ok(script.includes(`extern "aim ${name}" [`), name);
  const used = new Set([...script.matchAll(/@("nu-complete aim \d+")/g)].map(([, name]) => name));
  const made = new Set(
    [...script.matchAll(/^def ("nu-complete aim \d+")/gm)].map(([, name]) => name),
  );
  assert.deepEqual(used, made);
});
