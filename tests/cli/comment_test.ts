/** `aim report comment`, against servers that answer as GitHub's and GitLab's do. */

import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import test from "node:test";
import { json, readReport } from "../../src/reports/json.ts";
import { markdown } from "../../src/reports/markdown.ts";
import { EMPTY, HARD } from "../reports/sample.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

/** A comment as a forge keeps it. */
interface Kept {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
  readonly author: { readonly id: number };
  readonly html_url: string;
}

/** A forge with one pull request, 12, that is kept in memory. */
async function forge(options: { readonly refuses?: number; readonly redirects?: string } = {}) {
  const comments: Kept[] = [];
  const asked: string[] = [];
  const tokens = new Set<string>();
  const add = (body: string, type: string, author: number) => {
    const id = comments.length + 1;
    comments.push({
      id,
      body,
      user: { type },
      author: { id: author },
      html_url: `https://x/${id}`,
    });
    return comments.at(-1);
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    asked.push(`${request.method} ${url.pathname}`);
    tokens.add(String(request.headers.authorization ?? request.headers["private-token"]));
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (options.redirects !== undefined) {
      response.writeHead(302, { location: options.redirects }).end();
      return;
    }
    if (options.refuses !== undefined) {
      answer(options.refuses, { message: "Resource not accessible by integration" });
      return;
    }
    if (url.pathname === "/user") return answer(200, { id: 7 });
    if (url.pathname.endsWith("/pulls")) {
      assert.equal(url.searchParams.get("head"), "stranger:patch");
      return answer(200, [
        { number: 11, head: { sha: "old" } },
        { number: 12, head: { sha: "abc" } },
      ]);
    }
    const { body = "" } = request.method === "GET" ? {} : await bodyOf(request);
    const id = Number(/\/(?:comments|notes)\/(\d+)$/.exec(url.pathname)?.[1]);
    if (!Number.isNaN(id)) {
      const found = comments[id - 1];
      if (found !== undefined) found.body = body;
      return answer(200, found);
    }
    if (request.method === "POST") return answer(201, add(body, "Bot", 7));
    const page = Number(url.searchParams.get("page"));
    answer(200, comments.slice((page - 1) * 100, page * 100));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    api: `http://127.0.0.1:${port}`,
    comments,
    asked,
    tokens,
    add,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<{ body?: string }> {
  let text = "";
  for await (const part of request) text += part;
  return JSON.parse(text);
}

const TOKEN = "a-secret-token-of-a-test";

async function run(
  report: string,
  variables: Readonly<Record<string, string>>,
  ...args: readonly string[]
) {
  const event = { pull_request: { number: 12 } };
  await using folder = await temporaryFolder({
    "aim.json": report,
    "event.json": JSON.stringify(event),
    "run.json": JSON.stringify({
      workflow_run: {
        head_repository: { owner: { login: "stranger" } },
        head_branch: "patch",
        head_sha: "abc",
      },
    }),
  });
  const path = (name: string | undefined): Record<string, string> =>
    name === undefined ? {} : { GITHUB_EVENT_PATH: join(folder.path, name) };
  return await runAim(["report", "comment", "--file", "aim.json", ...args], {
    cwd: folder.path,
    variables: { GITLAB_CI: "", ...variables, ...path(variables.EVENT) },
  });
}

const onGitHub = (api: string, event = "event.json") => ({
  GITHUB_ACTIONS: "true",
  GITHUB_API_URL: api,
  GITHUB_REPOSITORY: "owner/name",
  GITHUB_TOKEN: TOKEN,
  EVENT: event,
});

test("on GitHub there is one comment of a project, written anew; others' are left alone", async () => {
  await using server = await forge();
  for (let at = 0; at < 120; at++) server.add(`a word ${at}`, "User", 1);
  server.add("<!-- aim:project -->\nforged", "User", 1);
  const first = await run(json.render(EMPTY), onGitHub(server.api));
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /created {2}GitHub owner\/name#12/);
  assert.equal(first.stdout, "https://x/122\n");
  const again = await run(json.render(EMPTY), onGitHub(server.api));
  assert.match(again.stderr, /unchanged/);
  const other = await run(json.render({ ...EMPTY, summary: "2 wrong" }), onGitHub(server.api));
  assert.match(other.stderr, /updated/);
  assert.equal(server.comments.length, 122);
  assert.match(
    server.comments[121]?.body ?? "",
    /^<!-- aim:project -->\n### ✅ aim validate: 2 wrong/,
  );
  assert.equal(server.comments[120]?.body, "<!-- aim:project -->\nforged");
  const monorepo = await run(json.render({ ...EMPTY, folder: "a--> b" }), onGitHub(server.api));
  assert.match(monorepo.stderr, /created/);
  assert.match(server.comments[122]?.body ?? "", /^<!-- aim:a%2D%2D%3E%20b -->\n/);
  assert.deepEqual([...server.tokens], [`Bearer ${TOKEN}`]);
});

test("of a fork's run the pull request is found by what the event says", async () => {
  await using server = await forge();
  const { code, stderr } = await run(json.render(EMPTY), onGitHub(server.api, "run.json"));
  assert.equal(code, 0, stderr);
  assert.match(stderr, /owner\/name#12/);
  assert.ok(server.asked.includes("POST /repos/owner/name/issues/12/comments"));
});

test("on GitLab the same, as a note", async () => {
  await using server = await forge();
  server.add("<!-- aim:project -->\nforged", "User", 1);
  const variables = {
    GITLAB_CI: "true",
    CI_API_V4_URL: server.api,
    CI_PROJECT_ID: "3",
    CI_MERGE_REQUEST_IID: "12",
    GITLAB_TOKEN: TOKEN,
  };
  const first = await run(json.render(EMPTY), variables);
  assert.equal(first.code, 0, first.stderr);
  const other = await run(json.render({ ...EMPTY, summary: "2 wrong" }), variables);
  assert.match(other.stderr, /updated {2}GitLab 3!12/);
  assert.equal(server.comments.length, 2);
  assert.match(server.comments[1]?.body ?? "", /2 wrong/);
  assert.ok(server.asked.includes("PUT /projects/3/merge_requests/12/notes/2"));
  assert.deepEqual([...server.tokens], [TOKEN]);
});

test("a file of a stranger is data: no markup, no mention, no end of a comment gets through", async () => {
  const hostile =
    "<b>@everyone</b> [x](https://evil) ![](https://evil/i.png) -->\n# big\n```\n@team";
  const report = JSON.stringify({
    aim: 1,
    command: hostile,
    tool: hostile,
    summary: hostile,
    server: hostile,
    outcome: hostile,
    isGood: true,
    folder: hostile,
    findings: [
      {
        code: hostile,
        severity: hostile,
        message: hostile,
        hint: hostile,
        place: { file: hostile, line: 1, column: 1 },
      },
      7,
      null,
    ],
    checks: [{ suite: hostile, name: hostile, state: "failed", code: hostile, text: hostile }],
    changes: [hostile, { x: 1 }],
    sql: [{ title: hostile, sql: hostile }],
    questions: [{ question: hostile, flags: [hostile] }],
    notes: hostile,
    details: { rows: [{ before: "a row" }] },
    began: "never",
  });
  const { code, stdout } = await run(report, {}, "--dry-run");
  assert.equal(code, 0);
  const outside = withoutCode(stdout).replace(/^<!-- aim:[\w%.()!*']+ -->\n/, "");
  assert.doesNotMatch(outside, /@\w|&#64;\w|<b>|\]\(|:\/\/|^# /m);
  assert.doesNotMatch(stdout, /a row/);
  assert.deepEqual(
    readReport(json.render(HARD)),
    {
      ...HARD,
      findings: HARD.findings.map(({ object: _, migration: _m, direction: _d, ...one }) => one),
    },
  );
  assert.ok(markdown.render(readReport(report)).length < 65_536);
});

/** Markdown without spans and blocks of code. */
function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, "")
    .replaceAll(/(`+)[\s\S]*?[^`]\1(?!`)/g, "");
}

test("what is refused is said with what to do, and without the token", async () => {
  await using refusing = await forge({ refuses: 403 });
  const { code, stderr } = await run(json.render(EMPTY), onGitHub(refusing.api));
  assert.equal(code, 3);
  assert.match(stderr, /answered with 403 \(Resource not accessible by integration\)/);
  assert.match(stderr, /pull-requests: write/);
  await using other = await forge();
  await using away = await forge({ redirects: other.api });
  const redirected = await run(json.render(EMPTY), onGitHub(away.api));
  assert.equal(redirected.code, 3);
  assert.deepEqual(other.asked, []);
  const plain = await run(json.render(EMPTY), onGitHub("http://example.org"));
  assert.match(plain.stderr, /no https address/);
  const none = await run(json.render(EMPTY), { GITHUB_ACTIONS: "", GITHUB_REPOSITORY: "" });
  assert.equal(none.code, 3);
  const wrong = await run("{}", onGitHub(other.api));
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /it is no report of aim/);
  for (const { stderr, stdout } of [redirected, plain, none, wrong]) {
    assert.doesNotMatch(stderr + stdout, new RegExp(TOKEN));
  }
});
