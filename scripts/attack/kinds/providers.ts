/** Hostile servers in the place of a provider: answers without end, bombs, lists without end, redirects. */

import { bombs, CODINGS, endlessAnswers, ENOUGH } from "../../../tests/attacks/endless.ts";
import { askAt, GOOD_ANSWER, type Wire, WIRES } from "../../../tests/attacks/model_project.ts";
import {
  chunks,
  messages,
  type Script,
  sse,
  wireServer,
} from "../../../tests/models/wire_server.ts";
import type { Attack, AttackSetup } from "../attack.ts";

const ENDLESS_NAMES = endlessAnswers("openai").map(({ name }) => name);
const BOMB_NAMES = bombs("openai", CODINGS, 1).map(({ name }) => name);
const REDIRECTS = [301, 302, 303, 307, 308];

/** All of this kind. */
export const attacks: readonly Attack[] = [
  ...ENDLESS_NAMES.map((name, at) => ({
    name,
    run: (setup: AttackSetup) =>
      endless(setup, (wire, size) => endlessAnswers(wire, size)[at]?.script),
  })),
  ...BOMB_NAMES.map((name, at) => ({
    name,
    run: (setup: AttackSetup) => endless(setup, (wire) => bombs(wire, CODINGS)[at]?.script),
  })),
  { name: "a list without end", run: list },
  { name: "a redirect to another origin", run: redirect },
  { name: "a mixture of events without end", run: (setup) => endless(setup, mixture(setup)) },
];

async function endless(
  { random, round }: AttackSetup,
  make: (wire: Wire, size: number) => Script | undefined,
): Promise<string | null> {
  const wire = random.pick(WIRES);
  const script = make(wire, round === 0 ? 1000 : random.int(1, 100_000));
  if (script === undefined) return "there is no such answer";
  await using server = await wireServer();
  const started = performance.now();
  const url = server.at("endless", script);
  const { code, stderr } = await askAt(url, { wire, args: ["generate", "--llm-timeout", "20"] });
  if (code !== 4) return `${wire}: exit ${code}: ${stderr.slice(-300)}`;
  const seconds = (performance.now() - started) / 1000;
  if (seconds > 220) return `${wire}: it took ${seconds.toFixed(0)} s`;
  return server.sent("endless") > 4 * ENOUGH ? `${server.sent("endless")} bytes were read` : null;
}

/** Events of several kinds, sizes and rhythms, again and again. */
function mixture({ random }: AttackSetup): (wire: Wire) => Script {
  return (wire) => {
    const word = () =>
      random.pick(["x", "\\u0000", "[", "{", "é", " "]).repeat(random.int(0, 5000));
    const pieces = wire === "anthropic"
      ? [messages.ping(), messages.text(word()), messages.thinking(word()), messages.start()]
      : [": ping\n\n", chunks.text(word()), chunks.chunk({ reasoning: word() }), chunks.usage({})];
    const all = random.some(
      [...pieces, "\n\n", `:${word()}\n`, "event: x\n\n", "data: 1\r\n\r\n"],
      6,
    );
    const write = wire === "anthropic" ? messages.start() + messages.open() : chunks.text("");
    return { steps: [{ write }, { repeat: all.join("") || ": x\n\n" }] };
  };
}

async function list({ random }: AttackSetup): Promise<string | null> {
  const wire = random.pick(WIRES);
  const circle = random.int(1, 100);
  const rows = random.int(0, 3);
  await using server = await wireServer();
  const url = server.at("list", (_, number) => ({
    headers: { "content-type": "application/json" },
    steps: [{
      write: JSON.stringify({
        data: Array.from({ length: rows }, (_, at) => ({ id: `m${number}-${at}` })),
        has_more: true,
        last_id: `c${number % circle}`,
      }),
    }],
  }));
  const { code, stderr } = await askAt(url, { wire, args: ["models", wire] });
  const asked = server.hits("list").length;
  return code === 4 && asked <= 51 ? null : `exit ${code} after ${asked} pages: ${stderr}`;
}

async function redirect({ random }: AttackSetup): Promise<string | null> {
  const wire = random.pick(WIRES);
  await using server = await wireServer();
  await using thief = await wireServer();
  const answer = wire === "anthropic" ? messages.answer(GOOD_ANSWER) : chunks.answer(GOOD_ANSWER);
  const elsewhere = thief.at("thief", sse(answer));
  const port = new URL(elsewhere).port;
  const location = random.pick([
    elsewhere,
    elsewhere.replace("http:", ""),
    `http://localhost:${port}/thief`,
    `http://127.1:${port}/thief`,
    `http:\\\\127.0.0.1:${port}\\thief`,
    `http://u:p@127.0.0.1:${port}/thief`,
    `\t${elsewhere}`,
    `HTTP://127.0.0.1:${port}/thief#x`,
  ]);
  const steps = random.int(0, 3);
  const url = server.at("moved", (_, number) => ({
    status: random.pick(REDIRECTS),
    headers: { location: number <= steps ? `/moved/${number}` : location },
    steps: [],
  }));
  const args = random.pick([["generate"], ["models", wire]]);
  const { code, stderr } = await askAt(url, { wire, args });
  if (thief.hits("thief").length > 0) return `${wire}: the request went to ${location}`;
  return code === 4 ? null : `${location}: exit ${code}: ${stderr}`;
}
