import assert from "node:assert/strict";
import test from "node:test";
import { choiceAsker, type Prompts } from "../../src/cli/ask.ts";
import type { Choice } from "../../src/core/choice.ts";
import { lexiconOf } from "../../src/engines/all.ts";

test("an expression that cannot be one is not taken, and the reason is said", async () => {
  const lines = ["", "f(", "1; DROP TABLE t", "lower(name)"];
  const refused: string[] = [];
  const prompts: Prompts = {
    text: (_question, { empty, fault }) => {
      for (const line of lines) {
        const wrong = line === "" ? empty ?? null : fault?.(line) ?? null;
        if (wrong === null) return Promise.resolve(line);
        refused.push(wrong);
      }
      throw new Error("all lines were refused");
    },
    select: (_question, options) => {
      const option = options.find(({ value }) => value === "expression");
      assert.ok(option !== undefined);
      return Promise.resolve(option.value);
    },
    secret: () => Promise.reject(new Error("no secret is asked for")),
    confirm: () => Promise.reject(new Error("nothing is to be confirmed")),
  };
  const choice: Choice = {
    id: "fill:users.email",
    kind: "data",
    question: "Which value do rows get?",
    evidence: {},
    options: [
      { id: "assume-empty", label: "There are none" },
      { id: "expression", label: "By an expression", takesExpression: true },
    ],
    fallback: null,
    answer: null,
  };
  const answers = await choiceAsker(prompts, null, lexiconOf("sqlite"))([choice]);
  assert.deepEqual([...answers], [[choice.id, {
    option: "expression",
    by: "person",
    expression: "lower(name)",
  }]]);
  assert.deepEqual(refused, [
    "Write an expression",
    "This is no expression: a ( is not closed",
    "This is no expression: it holds a semicolon",
  ]);
});
