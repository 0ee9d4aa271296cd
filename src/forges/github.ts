/** GitHub: comments of a pull request. The number comes from the flag, or from the event that started the workflow. */

import { readFile } from "node:fs/promises";
import { apiAddress, ask, objectIn, objectsIn, type Server } from "./ask.ts";
import { type Forge, ForgeError, type ForgeOptions, type Upserted } from "./forge.ts";

/** The pull request of this workflow. Throws ForgeError for what is missing. */
export async function github(options: ForgeOptions): Promise<Forge> {
  const { variables, signal } = options;
  const token = variables.GITHUB_TOKEN || variables.GH_TOKEN || "";
  const repository = variables.GITHUB_REPOSITORY ?? "";
  if (token === "") {
    throw new ForgeError(
      "Cannot comment on GitHub: GITHUB_TOKEN is not set",
      "pass it in env: GITHUB_TOKEN: ${{ github.token }}",
    );
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new ForgeError(
      "Cannot comment on GitHub: GITHUB_REPOSITORY is not owner/name",
      "a workflow sets it; elsewhere set it to OWNER/NAME",
    );
  }
  const server: Server = {
    api: apiAddress(variables.GITHUB_API_URL || "https://api.github.com"),
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      "user-agent": "aim",
    },
    signal,
    rights: "the job needs permissions: pull-requests: write",
  };
  const number = options.number ?? await numberOfEvent(server, repository, variables);
  // A token of a workflow is a bot's; anybody may have written the marker into a comment of his own.
  const isBot = variables.GITHUB_ACTIONS === "true";
  return {
    place: `GitHub ${repository}#${number}`,
    upsert: (body, marker) =>
      upsert(server, `/repos/${repository}`, { number, body, marker, isBot }),
  };
}

/** The pull request that the event is about; of a `workflow_run` the open one whose head it ran on. */
async function numberOfEvent(
  server: Server,
  repository: string,
  { GITHUB_EVENT_PATH: path }: ForgeOptions["variables"],
): Promise<number> {
  const event = path === undefined ? {} : objectIn(
    JSON.parse(await readFile(path, "utf8").catch(() => "{}")),
  );
  const own = numberIn(objectIn(event.pull_request).number);
  if (own !== null) return own;
  const run = objectIn(event.workflow_run);
  const owner = objectIn(objectIn(run.head_repository).owner).login;
  const { head_branch: branch, head_sha: sha } = run;
  if (typeof owner === "string" && typeof branch === "string" && typeof sha === "string") {
    const head = encodeURIComponent(`${owner}:${branch}`);
    const found = objectsIn(
      await ask(server, "GET", `/repos/${repository}/pulls?state=open&head=${head}`),
    ).find((one) => objectIn(one.head).sha === sha);
    const number = numberIn(found?.number);
    if (number !== null) return number;
  }
  throw new ForgeError(
    "Cannot tell which pull request is meant",
    "run on pull_request or workflow_run, or pass --pull-request N",
  );
}

function numberIn(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null;
}

/** Pages of a hundred comments that are looked through. */
const PAGES = 30;

async function upsert(
  server: Server,
  base: string,
  { number, body, marker, isBot }: {
    readonly number: number;
    readonly body: string;
    readonly marker: string;
    readonly isBot: boolean;
  },
): Promise<Upserted> {
  for (let page = 1; page <= PAGES; page++) {
    const list = objectsIn(
      await ask(server, "GET", `${base}/issues/${number}/comments?per_page=100&page=${page}`),
    );
    const mine = list.find((one) =>
      typeof one.body === "string" && one.body.includes(marker) &&
      (!isBot || objectIn(one.user).type === "Bot")
    );
    const id = numberIn(mine?.id);
    if (mine !== undefined && id !== null) {
      const url = textIn(mine.html_url);
      if (mine.body === body) return { state: "unchanged", url };
      await ask(server, "PATCH", `${base}/issues/comments/${id}`, { body });
      return { state: "updated", url };
    }
    if (list.length < 100) break;
  }
  const made = objectIn(await ask(server, "POST", `${base}/issues/${number}/comments`, { body }));
  return { state: "created", url: textIn(made.html_url) };
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}
