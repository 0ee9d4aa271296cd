/** The forges, by what their pipelines set. */

import { type Forge, ForgeError, type ForgeOptions } from "./forge.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";

export { ForgeError } from "./forge.ts";

/** The forge whose pipeline this is. Throws ForgeError where it is none's, or something is missing. */
export async function openForge(options: ForgeOptions): Promise<Forge> {
  const { variables } = options;
  if (variables.GITLAB_CI === "true") return await gitlab(options);
  if (variables.GITHUB_ACTIONS === "true" || (variables.GITHUB_REPOSITORY ?? "") !== "") {
    return await github(options);
  }
  throw new ForgeError(
    "Cannot tell where to comment: this is no pipeline of GitHub or GitLab",
    "set GITHUB_REPOSITORY and GITHUB_TOKEN, and pass --pull-request N",
  );
}
