import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import test, { after } from "node:test";
import { chunks, json, messages, type Script, sse, wireServer } from "../models/wire_server.ts";
import { part } from "../depth.ts";
import { bombs, endlessAnswers, ENOUGH } from "./endless.ts";
import { askAt, GOOD_ANSWER, KEY, WIRES } from "./model_project.ts";

const server = await wireServer();
const other = await wireServer();
after(() => Promise.all([server, other].map((one) => one[Symbol.asyncDispose]())));

const good: Readonly<Record<string, Script>> = {
  anthropic: sse(messages.answer(GOOD_ANSWER)),
  openai: sse(chunks.answer(GOOD_ANSWER)),
};

for (const wire of WIRES) {
  for (
    const { name, script, says } of part([
      ...endlessAnswers(wire, 10_000),
      ...bombs(wire, ["gzip", "br"]),
    ], 2)
  ) {
    test(`${wire}: ${name} ends the run with the limit`, async () => {
      const { code, stderr, stdout } = await askAt(server.at("endless", script), { wire });
      assert.equal(code, 4, stderr);
      assert.match(stderr, says);
      assert.equal(stdout, "");
      assert.equal(
        server.hits("endless").length,
        /Cannot get.*limit/.test(stderr) ? 1 : server.hits("endless").length,
      );
      await closed();
      assert.ok(server.sent("endless") < ENOUGH, `${server.sent("endless")} bytes were taken`);
    });
  }

  test(`${wire}: pings alone end after ten times --llm-timeout, tries included`, async () => {
    const ping = wire === "anthropic" ? messages.ping() : ": ping\n\n";
    const url = server.at("pings", { steps: [{ repeat: ping, every: 20 }] });
    const args = ["generate", "--llm-timeout", "0.8"];
    const { code, stderr } = await askAt(url, { wire, args });
    assert.equal(code, 4, stderr);
    assert.match(stderr, /did not end within 8 s/);
    assert.equal(server.hits("pings").length, 1);
  });

  test(`${wire}: a head without end ends the run`, async () => {
    const endless = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n");
        const go = () => {
          while (!socket.destroyed && socket.write(`x-more: ${"y".repeat(1000)}\r\n`));
        };
        socket.on("drain", go);
        go();
      });
    });
    await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve));
    const { port } = endless.address() as AddressInfo;
    const { code, stderr } = await askAt(`http://127.0.0.1:${port}`, { wire });
    endless.close();
    assert.equal(code, 4, stderr);
    assert.match(stderr, /head/i);
  });

  const row = { id: "m", context_length: 100_000 };
  const lists: Readonly<Record<string, readonly [(number: number) => Script, RegExp]>> = {
    "the same page again": [
      () => json(200, { data: [row], has_more: true, last_id: "m" }),
      /names the same next page twice/,
    ],
    "pages in a circle": [
      (number) => json(200, { data: [row], has_more: true, last_id: `m${number % 3}` }),
      /names the same next page twice/,
    ],
    "pages without end": [
      (number) => json(200, { data: [row], has_more: true, last_id: `m${number}` }),
      /more than 50 pages/,
    ],
    "a page without end": [
      () => ({
        headers: { "content-type": "application/json" },
        steps: [{ write: '{"data":[' }, { repeat: `${JSON.stringify(row)},`.repeat(2000) }],
      }),
      /its list of models is larger than 16 MiB/,
    ],
    "too many models": [
      () => json(200, { data: Array.from({ length: 20_000 }, (_, at) => ({ id: `m${at}` })) }),
      /more than 10000/,
    ],
    "a list that is nested deeply": [
      () => json(200, `{"data":${"[".repeat(100_000)}`),
      /nested deeper than 100/,
    ],
    "an error without end": [
      () => ({ status: 503, steps: [{ repeat: "<p>busy</p>".repeat(2000) }] }),
      /its error \(status 503\) is larger than 1 MiB/,
    ],
  };
  for (const [name, [script, says]] of part(Object.entries(lists), 2)) {
    test(`${wire}: ${name} ends the list with the limit`, async () => {
      const url = server.at("list", (_, number) => script(number));
      const { code, stderr } = await askAt(url, { wire, args: ["models", wire] });
      assert.equal(code, 4, stderr);
      assert.match(stderr, says);
      assert.ok(server.hits("list").length <= 51);
    });
  }

  test(`${wire}: no redirect to another origin is followed, whatever its status`, async () => {
    const elsewhere = other.at("thief", good[wire] ?? sse());
    const { port } = new URL(elsewhere);
    const targets = [
      elsewhere,
      elsewhere.replace("http:", ""),
      `http://localhost:${port}/thief`,
      `https://127.0.0.1:${port}/thief`,
      `http://me:you@127.0.0.1:${port}/thief`,
      "file:///etc/passwd",
      "data:text/plain,hello",
      "http://[",
    ];
    const statuses = [301, 302, 303, 307, 308];
    for (const [at, location] of part([...targets.entries()], 3)) {
      const status = statuses[at % statuses.length] ?? 307;
      const url = server.at("moved", { status, headers: { location }, steps: [] });
      for (const args of [["generate"], ["models", wire]]) {
        const { code, stderr } = await askAt(url, { wire, args });
        assert.equal(code, 4, `${location}: ${stderr}`);
        assert.match(stderr, /127\.0\.0\.1:\d+ redirects/);
        assert.match(stderr, /hint:.*base_url/);
        if (location === elsewhere) assert.ok(stderr.includes(new URL(elsewhere).origin));
        assert.ok(!stderr.includes("you@") && !stderr.includes(KEY));
      }
    }
    assert.equal(other.hits("thief").length, 0);
  });

  test(`${wire}: a chain of redirects is followed within its origin only`, async () => {
    const elsewhere = other.at("end", good[wire] ?? sse());
    const chain = server.at("chain", (_, number) => ({
      status: 307,
      headers: { location: number < 3 ? `/chain/${number}` : elsewhere },
      steps: [],
    }));
    assert.equal((await askAt(chain, { wire })).code, 4);
    assert.equal(server.hits("chain").length, 3);
    assert.equal(other.hits("end").length, 0);
    const circle = server.at("circle", {
      status: 308,
      headers: { location: "/circle" },
      steps: [],
    });
    const { code, stderr } = await askAt(circle, { wire });
    assert.equal(code, 4, stderr);
    assert.match(stderr, /redirects more than 5 times/);
    const step: Script = { status: 308, headers: { location: "/near/x" }, steps: [] };
    const near = server.at("near", step, good[wire] ?? sse());
    const followed = await askAt(near, { wire });
    assert.equal(followed.code, 0, followed.stderr);
    assert.deepEqual(server.hits("near")[1]?.body, server.hits("near")[0]?.body);
  });
}

/** The server hears of a closed connection a little later. */
async function closed(): Promise<void> {
  for (let turn = 0; turn < 200 && server.open() > 0; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(server.open(), 0, "the connection was left open");
}
