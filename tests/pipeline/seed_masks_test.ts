import assert from "node:assert/strict";
import test from "node:test";
import { type Mask, MASKS } from "../../src/core/row_mask.ts";
import type { Cell, CellKind, SampledTable } from "../../src/engines/live.ts";
import { maskingOf } from "../../src/pipeline/live/seed/mask.ts";
import { maskByName } from "../../src/pipeline/live/seed/mask_rules.ts";

function table(name: string, column: string, part: Partial<SampledTable> = {}): SampledTable {
  return {
    id: `table:public.${name}`,
    quoted: name,
    columns: [{ name: column, isRequired: true, length: null }],
    key: [],
    references: [],
    checks: [],
    refused: null,
    ...part,
  };
}

function masked(one: SampledTable, cell: Cell, how?: Mask): Cell {
  const settings = how === undefined ? [] : [{ columns: ["*"], how }];
  const [column] = one.columns;
  assert(column !== undefined);
  return maskingOf([one], settings).of(one, column)(cell);
}

test("names of columns say what is personal or secret", () => {
  const names: Readonly<Record<string, Mask | null>> = {
    email: "email",
    customerEmail: "email",
    EMAIL_ADDRESS: "email",
    email_verified: null,
    email_count: null,
    passwordHash: "hash",
    reset_token: "hash",
    api_key: "hash",
    stripe_secret: "hash",
    first_name: "name",
    company: "name",
    mobile: "phone",
    zip_code: "address",
    date_of_birth: "date",
    iban: "code",
    ssn: "code",
    status: "keep",
    order_type: "keep",
    total: null,
    created_at: null,
    customer_id: null,
    body: null,
  };
  for (const [name, how] of Object.entries(names)) {
    assert.equal(maskByName(name)?.how ?? null, how, name);
  }
});

test("equal values become equal ones, different ones stay different, none stays", () => {
  for (const how of [...MASKS, undefined]) {
    if (how === "keep" || how === "null" || how === "date" || how === "ip") continue;
    const one = table("t", "c", { columns: [{ name: "c", isRequired: true, length: 12 }] });
    const [column] = one.columns;
    assert(column !== undefined);
    const mask = maskingOf([one], how === undefined ? [] : [{ columns: ["t.c"], how }])
      .of(one, column);
    const values = Array.from({ length: 3000 }, (_, at) => `Val-${at}`);
    const made = values.map((text) => mask({ kind: "text", text })?.text ?? "");
    assert.equal(new Set(made).size, values.length, String(how));
    assert.deepEqual(values.map((text) => mask({ kind: "text", text })?.text), made);
    assert(made.every((text) => text.length <= 12), String(how));
    assert(made.every((text, at) => text !== values[at]), String(how));
  }
});

test("columns that a foreign key joins get the same, by the name of the one that is referred to", () => {
  const users = table("users", "email");
  const logins = table("logins", "who", {
    references: [{ columns: ["who"], table: users.id, others: ["email"] }],
  });
  const masking = maskingOf([logins, users], []);
  const [who] = logins.columns;
  const [email] = users.columns;
  assert(who !== undefined && email !== undefined);
  const cell = { kind: "text" as const, text: "canary@secret.test" };
  assert.deepEqual(masking.of(logins, who)(cell), masking.of(users, email)(cell));
  assert.match(masking.of(users, email)(cell)?.text ?? "", /@example\.com$/);
});

test("what a value is decides where the name says nothing", () => {
  const cases: readonly (readonly [CellKind, string, RegExp | null])[] = [
    ["text", "AB-12", /^[A-Z]{2}-\d{2}$/],
    ["text", "日本語", /^[a-z]{3}$/],
    ["text", "call me at 5", /^Text 1/],
    ["number", "42", /^42$/],
    ["date", "1980-05-06", /^1980-05-06$/],
    ["json", '[{"a":"canary"}]', /^\[\]$/],
    ["bytes", "63616e617279", /^0+1$/],
    ["address", "10.1.2.3", /^198\.18\.0\.1$/],
    ["other", "{canary}", null],
  ];
  for (const [kind, text, wanted] of cases) {
    const made = masked(table("t", "c"), { kind, text });
    if (wanted === null) assert.equal(made, null);
    else assert.match(made?.text ?? "", wanted, text);
  }
  const status = table("t", "status", { checks: ["status IN ('on it', 'off')"] });
  assert.equal(masked(status, { kind: "text", text: "on it" })?.text, "on it");
  assert.equal(masked(status, { kind: "text", text: "waiting" })?.text, "waiting");
  for (const text of ["canary@secret.test", "call +49 170 1234567", "sk_live_Abc123Def456"]) {
    assert.notEqual(masked(status, { kind: "text", text })?.text, text);
  }
  assert.equal(masked(table("t", "dob"), { kind: "date", text: "1980-05-06" })?.text, "1980-01-01");
  assert.notEqual(masked(table("t", "dob"), { kind: "text", text: "6.5.80" })?.text, "6.5.80");
  assert.equal(masked(table("t", "phone"), { kind: "number", text: "491701234" })?.text, "1");
});
