/** GitLab: notes of a merge request. A job's own token cannot write them: a token of the project with the scope api is needed. */

import { apiAddress, ask, objectIn, objectsIn, type Server } from "./ask.ts";
import { type Forge, ForgeError, type ForgeOptions, type Upserted } from "./forge.ts";

/** The merge request of this pipeline. Throws ForgeError for what is missing. */
export function gitlab({ variables, number, signal }: ForgeOptions): Promise<Forge> {
  const token = variables.GITLAB_TOKEN ?? "";
  const project = variables.CI_PROJECT_ID ?? "";
  const iid = number ?? Number(variables.CI_MERGE_REQUEST_IID ?? NaN);
  if (token === "") {
    throw new ForgeError(
      "Cannot comment on GitLab: GITLAB_TOKEN is not set",
      "make a project access token with the scope api, and a masked variable of it",
    );
  }
  if (!/^\d+$/.test(project) || !Number.isInteger(iid) || iid <= 0) {
    throw new ForgeError(
      "Cannot tell which merge request is meant",
      "run in a merge request's pipeline, or pass --pull-request N",
    );
  }
  const server: Server = {
    api: apiAddress(variables.CI_API_V4_URL || "https://gitlab.com/api/v4"),
    headers: { "private-token": token },
    signal,
    rights: "GITLAB_TOKEN needs the scope api, and the role Reporter or higher",
  };
  const path = `/projects/${project}/merge_requests/${iid}/notes`;
  return Promise.resolve({
    place: `GitLab ${variables.CI_PROJECT_PATH ?? project}!${iid}`,
    upsert: (body: string, marker: string) => upsert(server, path, { body, marker, variables }),
  });
}

/** Pages of a hundred notes that are looked through. */
const PAGES = 30;

async function upsert(
  server: Server,
  path: string,
  { body, marker, variables }: {
    readonly body: string;
    readonly marker: string;
    readonly variables: ForgeOptions["variables"];
  },
): Promise<Upserted> {
  const me = objectIn(await ask(server, "GET", "/user")).id;
  const page = `${variables.CI_MERGE_REQUEST_PROJECT_URL ?? ""}/-/merge_requests/`;
  const url = (id: unknown) =>
    page.startsWith("https://")
      ? `${page}${path.split("/").at(-2)}#note_${String(id)}`
      : `note ${String(id)}`;
  for (let at = 1; at <= PAGES; at++) {
    const list = objectsIn(await ask(server, "GET", `${path}?per_page=100&page=${at}`));
    const mine = list.find((one) =>
      typeof one.body === "string" && one.body.includes(marker) && objectIn(one.author).id === me &&
      typeof one.id === "number"
    );
    if (mine !== undefined) {
      if (mine.body === body) return { state: "unchanged", url: url(mine.id) };
      await ask(server, "PUT", `${path}/${String(mine.id)}`, { body });
      return { state: "updated", url: url(mine.id) };
    }
    if (list.length < 100) break;
  }
  const made = objectIn(await ask(server, "POST", path, { body }));
  return { state: "created", url: url(made.id) };
}
