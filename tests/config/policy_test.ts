/** Hours in which nothing is applied, and the policy that aim.toml states. */

import assert from "node:assert/strict";
import test from "node:test";
import { closedHours } from "../../src/core/policy.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

const at = (text: string) => new Date(`2026-11-${text}:00Z`);

// 30 November 2026 is a Monday.
for (
  const [hours, moment, isClosed] of [
    ["08:00-18:00", "30T08:00", true],
    ["08:00-18:00", "30T18:00", false],
    ["mon-fri 08:00-18:00", "29T12:00", false],
    ["mon-fri 08:00-18:00", "27T12:00", true],
    ["sat-mon 08:00-18:00", "29T12:00", true],
    ["fri 22:00-06:00", "28T05:59", true],
    ["fri 22:00-06:00", "29T05:59", false],
    ["08:00-18:00 Europe/Berlin", "30T07:30", true],
    ["08:00-18:00 America/New_York", "30T12:30", false],
  ] as const
) {
  test(`${hours} is ${isClosed ? "closed" : "open"} at ${moment}`, () => {
    assert.equal(closedHours([hours], at(moment)), isClosed ? hours : null);
  });
}

test("lint finds what the policy does not want, with its severity and its allowances", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": `engine = "postgres"
format = "goose"
migrations = "m"
[lint]
policy-comment = "warning"
[policy]
names = { table = "snake_case", index = "*_idx" }
comments = true
down = true
forbidden_types = ["money"]
`,
    "m/00001_a.sql": '-- +goose Up\nCREATE TABLE "Users" (id int PRIMARY KEY, n money);\n',
  });
  const ran = await runAim(["lint", "--json"], { cwd: folder.path });
  assert.equal(ran.code, 1, ran.stderr);
  const { findings } = JSON.parse(ran.stdout);
  const codes = findings.map(({ code, severity }: { code: string; severity: string }) =>
    `${severity} ${code}`
  );
  for (
    const wanted of [
      "error policy-name",
      "warning policy-comment",
      "error policy-down",
      "error policy-forbidden",
    ]
  ) assert.ok(codes.includes(wanted), codes.join(", "));
});

test("hours that nobody can read have their place", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "postgres"\n[policy]\nno_ddl_hours = ["8-18"]\n',
  });
  const ran = await runAim(["lint"], { cwd: folder.path });
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /mon-fri 08:00-18:00/);
});

test("a time zone that there is none of has its place", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "postgres"\n[policy]\nno_ddl_hours = ["08:00-18:00 Europe/Atlantis"]\n',
  });
  const ran = await runAim(["lint"], { cwd: folder.path });
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /Europe\/Atlantis[^]*aim\.toml:3/);
});
