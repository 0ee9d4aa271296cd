import assert from "node:assert/strict";
import test, { after } from "node:test";
import { sourcesOf } from "../../scripts/corpus/bench.ts";
import type { Change } from "../../src/core/change.ts";
import { engineNamed } from "../../src/engines/mod.ts";
import { openModel } from "../../src/models/mod.ts";
import { openProject } from "../../src/pipeline/mod.ts";
import { editSchema } from "../../src/pipeline/create/edit_schema.ts";
import { serverOf } from "../engines/planned.ts";
import { chunks, sse, wireServer } from "../models/wire_server.ts";
import { testConfig } from "../property/config.ts";
import { type Case, CASES, type Row } from "./requests.ts";
import { answerText, restatedText } from "./scripted_edits.ts";

const wire = await wireServer();
after(() => wire[Symbol.asyncDispose]());

/** A run against the model of a request, which speaks over HTTP. */
async function outcomeOf(
  { engine, sql, title }: Case,
  row: Row,
  server: Awaited<ReturnType<typeof serverOf>>,
): Promise<{ readonly said: readonly string[]; readonly diff: string; readonly calls: number }> {
  const { request, answers = [] } = row;
  const name = `${title}-${request.replaceAll(/\W+/g, "-")}`;
  const { engine: dialect } = await engineNamed(engine);
  const url = wire.at(
    name,
    sse(chunks.answer(restatedText())),
    ...answers.map((answer) => sse(chunks.answer(answerText(answer, sql, dialect)))),
  );
  const config = {
    ...testConfig(engine, "migrate"),
    model: "openai-compatible/m",
    baseUrl: `${url}/v1`,
    maxRetries: 1,
    maxTokens: 4096,
  };
  const signal = new AbortController().signal;
  const project = await openProject(config, { emit: () => {}, signal });
  const edited = await editSchema(project, server, sourcesOf("", sql), {
    requests: [request],
    editOnly: false,
    openModel: () => openModel(config, { variables: {}, emit: () => {} }),
  });
  const calls = wire.hits(name).length;
  if ("stopped" in edited) {
    const said = edited.stopped === "unclear"
      ? [`? ${edited.question} ${edited.options.join(" ")}`]
      : [`! ${edited.reason}`, ...edited.extra.map(saidOf).sort()];
    return { said, diff: "", calls };
  }
  const said = [
    ...edited.changes.map(saidOf).sort(),
    ...edited.renames.map(({ from, to }) => `rename ${from} -> ${to}`),
    ...[...edited.answers].map(([id, { expression }]) =>
      `fill ${id.replace(/^fill:(?:public\.)?/, "")} = ${expression}`
    ),
  ];
  return { said, diff: edited.diff, calls };
}

function saidOf(change: Change): string {
  const { op, id } = change;
  return change.op === "alter" ? `${op} ${id} ${change.facts.join(",")}` : `${op} ${id}`;
}

/** Questions and refusals match by their parts, all else as a whole. */
function fits(said: readonly string[], becomes: readonly string[]): boolean {
  const [first = ""] = becomes;
  if (!/^[?!] /.test(first)) return JSON.stringify(said) === JSON.stringify(becomes);
  return said[0]?.startsWith(first.slice(0, 2)) === true &&
    first.slice(2).split(" | ").every((part) => said[0]?.includes(part));
}

const tally = { exact: 0, asked: 0, refused: 0, wrong: 0, grammar: 0 };

for (const one of CASES) {
  test(`${one.title}: ${one.rows.length} requests in words become the right changes`, async () => {
    await using server = await serverOf(one.engine, one.sql);
    const wrong: string[] = [];
    for (const row of one.rows) {
      const { said, diff, calls } = await outcomeOf(one, row, server);
      const missing = (row.lines ?? []).filter((line) => !diff.split("\n").includes(line));
      if (row.answers === undefined) {
        assert.equal(calls, 0, row.request);
        tally.grammar++;
      }
      const [first = ""] = said;
      if (!fits(said, row.becomes) || missing.length > 0) {
        tally.wrong++;
        const hits = wire.hits(`${one.title}-${row.request.replaceAll(/\W+/g, "-")}`);
        const last = JSON.stringify(hits.at(-1)?.body.messages ?? "").slice(-400);
        wrong.push(
          `${row.request}\n  is   ${said.join("; ")}\n  not  ${row.becomes.join("; ")}\n  ${
            missing.join("; ")
          }\n${diff}${last}`,
        );
      } else if (first.startsWith("? ")) tally.asked++;
      else if (first.startsWith("! ")) tally.refused++;
      else tally.exact++;
    }
    assert.deepEqual(wrong, [], wrong.join("\n\n"));
  });
}

test("of sixty requests none touches more than it asks for, and the grammar alone answers twenty", () => {
  const all = CASES.flatMap(({ rows }) => rows).length;
  assert.equal(all, 60);
  assert.ok(tally.grammar >= 20, JSON.stringify(tally));
  assert.equal(tally.wrong, 0, JSON.stringify(tally));
});
