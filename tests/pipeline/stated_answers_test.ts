import assert from "node:assert/strict";
import test from "node:test";
import { type Answer, ASSUME_EMPTY, type Choice } from "../../src/core/choice.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { checkAnswers, fullAnswers, withShortIds } from "../../src/pipeline/plan/stated_answers.ts";

const lexicon = lexiconOf("postgres");

function choice(id: string, options: readonly string[] = [ASSUME_EMPTY, "default"]): Choice {
  return {
    id,
    kind: "data",
    question: id,
    evidence: {},
    options: [
      ...options.map((option) => ({ id: option, label: option })),
      { id: "expression", label: "by an expression", takesExpression: true },
    ],
    fallback: null,
    ifEmpty: options[0] ?? ASSUME_EMPTY,
    answer: null,
  };
}

const choices = [
  choice("fill:public.users.timezone"),
  choice("convert:public.users.age", ["cast"]),
  choice("fill:public.orders.state"),
  choice("convert:public.orders.state", ["cast"]),
  choice("fill:audit.users.note"),
  choice("fill:public.users.note"),
  choice("data:enum value:public.mood.sad"),
  choice("unique:t.unique (a, b)", [ASSUME_EMPTY]),
];

function full(
  stated: readonly (readonly [id: string, answer: Answer])[],
  nameKey = (name: string) => name,
) {
  return [...fullAnswers({ answers: new Map(stated), choices, nameKey })]
    .map(([id, { option }]) => `${id}=${option}`);
}

const flag = (option: string, expression?: string): Answer => ({
  option,
  ...(expression === undefined ? {} : { expression }),
  by: "flag",
});

const short: readonly (readonly [short: string, id: string])[] = [
  ["fill:public.users.timezone", "fill:public.users.timezone"],
  ["fill:users.timezone", "fill:public.users.timezone"],
  ["users.timezone", "fill:public.users.timezone"],
  ["timezone", "fill:public.users.timezone"],
  ["convert:orders.state", "convert:public.orders.state"],
  ["audit.users.note", "fill:audit.users.note"],
  ["data:enum value:mood.sad", "data:enum value:public.mood.sad"],
  ["data:mood.sad", "data:enum value:public.mood.sad"],
  ["enum value:mood.sad", "data:enum value:public.mood.sad"],
  ["mood.sad", "data:enum value:public.mood.sad"],
  ["t.unique (a, b)", "unique:t.unique (a, b)"],
];

for (const [id, whole] of short) {
  test(`${id} stands for ${whole}`, () => {
    assert.deepEqual(full([[id, flag("expression", "1")]]), [`${whole}=expression`]);
  });
}

test("an id that several choices go by is refused with them; an option of one of them tells", () => {
  assert.throws(() => full([["users.note", flag("default")]]), (error: Error) => {
    assert.match(error.message, /^Cannot answer users\.note: several choices go by that$/);
    assert.match(JSON.stringify(error), /fill:audit\.users\.note, fill:public\.users\.note/);
    return true;
  });
  assert.deepEqual(full([["orders.state", flag("cast")]]), ["convert:public.orders.state=cast"]);
});

test("part of a name is no name", () => {
  assert.deepEqual(full([["zone", flag("default")]]), ["zone=default"]);
});

test("names are compared as the dialect does", () => {
  assert.deepEqual(full([["USERS.Timezone", flag("default")]], (name) => name.toLowerCase()), [
    "fill:public.users.timezone=default",
  ]);
  assert.deepEqual(full([["USERS.Timezone", flag("default")]]), ["USERS.Timezone=default"]);
});

test("assume-empty and fail mean the option of a choice that takes it for granted that no row is in the way", () => {
  for (const word of ["assume-empty", "fail"]) {
    assert.deepEqual(
      full([["users.timezone", flag(word)], ["users.age", flag(word)]]),
      ["fill:public.users.timezone=assume-empty", "convert:public.users.age=cast"],
    );
  }
});

test("a flag goes over the settings, whichever id is whole; two flags contradict each other", () => {
  const setting: Answer = { option: "default", by: "settings" };
  const stated = [["timezone", flag(ASSUME_EMPTY)], [
    "fill:public.users.timezone",
    setting,
  ]] as const;
  for (const list of [stated, stated.toReversed()]) {
    assert.deepEqual(full(list), ["fill:public.users.timezone=assume-empty"]);
  }
  assert.throws(
    () => full([["timezone", flag(ASSUME_EMPTY)], ["users.timezone", flag("default")]]),
    /Cannot answer fill:public\.users\.timezone twice: "assume-empty" and "default"/,
  );
  assert.deepEqual(
    full([["timezone", flag("default")], ["users.timezone", flag("default")]]),
    ["fill:public.users.timezone=default"],
  );
});

const wrong: readonly (readonly [id: string, answer: Answer, message: RegExp])[] = [
  ["fill:public.users.timezon", flag("default"), /there is no such choice/],
  ["fill:public.users.timezone", flag("cast"), /with "cast"$/],
  ["fill:public.users.timezone", flag("expression"), /"expression" without an expression/],
  ["fill:public.users.timezone", flag("expression", " "), /without an expression/],
  ["fill:public.users.timezone", flag("default", "1"), /"default" and an expression/],
  ["fill:public.users.timezone", flag("expression", "f("), /a \( is not closed/],
  ["fill:public.users.timezone", flag("expression", "a) + (b"), /a \) closes nothing/],
  ["fill:public.users.timezone", flag("expression", "'x"), /cannot be read at 'x/],
  ["fill:public.users.timezone", flag("expression", "1; DROP TABLE t"), /holds a semicolon/],
  ["fill:public.users.timezone", flag("expression", "1 -- so"), /holds a comment/],
];

for (const [id, answer, message] of wrong) {
  test(`${id} with ${JSON.stringify(answer)} is refused`, () => {
    const options = { isMoot: () => false, lexicon };
    assert.throws(() => checkAnswers({ answers: new Map([[id, answer]]), choices }, options), {
      name: "UsageError",
      message,
    });
  });
}

test("an answer of the settings may outlive its choice", () => {
  const answers = new Map([["fill:gone.column", { option: "default", by: "settings" } as const]]);
  checkAnswers({ answers, choices }, { isMoot: () => false, lexicon });
});

test("an answer to no choice names the near one, also where others are open and parts are left out", () => {
  const check = (id: string, met: readonly Choice[] = choices) =>
    checkAnswers({ answers: new Map([[id, flag("default")]]), choices: met }, {
      isMoot: () => false,
      lexicon,
    });
  const hint = (pattern: RegExp) => (error: Error) => {
    assert.match(error.message, /: there is no such choice$/);
    assert.match(JSON.stringify(error), pattern);
    return true;
  };
  assert.throws(() => check("fill:users.timezon"), hint(/did you mean .*fill:.*users\.timezone/));
  assert.throws(() => check("users.timezome"), hint(/did you mean .*fill:.*users\.timezone/));
  assert.throws(() => check("users.email"), hint(/the choices are fill:public\.users\.timezone, /));
  assert.throws(() => check("users.email", []), hint(/has no choices/));
  const rename: Choice = { ...choice("rename:table:public.users", ["drop"]), kind: "rename" };
  assert.deepEqual(check("people.email", [rename]), ["people.email"]);
  assert.throws(() => check("table:public.user", [rename]), hint(/did you mean/));
});

test("a short id leaves out the schema where nothing else goes by that", () => {
  const short = withShortIds([...choices, choice("unsupported:function:public.f(integer)")], {
    isSchema: (name) => name === "public" || name === "audit",
    isUnique: () => true,
    nameKey: (name) => name,
  });
  assert.deepEqual(short.map(({ id, shortId }) => shortId ?? id), [
    "fill:users.timezone",
    "convert:users.age",
    "fill:orders.state",
    "convert:orders.state",
    "fill:audit.users.note",
    "fill:public.users.note",
    "data:enum value:mood.sad",
    "unique:t.unique (a, b)",
    "unsupported:function:public.f(integer)",
  ]);
});

test("the flag of a rename leaves out the schema where only one object goes by the rest", () => {
  const rename = (from: string): Choice => ({
    ...choice(`rename:column:${from}`, []),
    options: [{ id: "to", label: "to", rename: { kind: "column", from, to: "name" } }],
  });
  const short = withShortIds([rename("public.users.a"), rename("audit.users.b"), rename("t.c")], {
    isSchema: (name) => name === "public" || name === "audit",
    isUnique: (name) => name !== "users.b",
    nameKey: (name) => name,
  });
  assert.deepEqual(short.map(({ options }) => options[0]?.rename?.from), [
    "users.a",
    "audit.users.b",
    "t.c",
  ]);
});
