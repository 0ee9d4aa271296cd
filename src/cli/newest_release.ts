/** The newest release of a repository on GitHub. */

import { SetupError, UsageError } from "../core/error.ts";

/** How long GitHub may take to answer, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Its version, as `0.2.0`: where the address of the latest release leads, which needs no key and counts against no limit.
 * Throws UsageError for what is no owner/name, SetupError where there is no answer or no release.
 */
export async function newestRelease(
  repository: string,
  { server, signal }: { readonly server: string; readonly signal: AbortSignal },
): Promise<string> {
  if (!/^[\w-]{1,39}\/[\w.-]{1,100}$/.test(repository)) {
    throw new UsageError(`Cannot look for releases of "${repository}"`, {
      code: "repository",
      hint: "AIM_REPOSITORY is owner/name",
    });
  }
  const address = `${server.replace(/\/+$/, "")}/${repository}/releases/latest`;
  const ends = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  const answer = await fetch(address, { redirect: "manual", signal: ends }).catch(
    (cause: unknown) => {
      throw new SetupError(`Cannot ask ${address} for the newest release`, {
        code: "network",
        hint: "without AIM_REPOSITORY nothing is asked",
        cause,
      });
    },
  );
  await answer.body?.cancel();
  const version = /\/releases\/tag\/v?(\d{1,9}(?:\.\d{1,9}){2}(?:-[\w.]{1,64})?)$/
    .exec(answer.headers.get("location") ?? "")?.[1];
  if (version !== undefined) return version;
  throw new SetupError(`Cannot find a release: ${address} answers ${answer.status}`, {
    code: "release",
    hint: "is AIM_REPOSITORY right, and has it a release?",
  });
}

/** Whether a version is newer than another; the parts after `-` count only when all else is the same, and less than none. */
export function isNewer(version: string, than: string): boolean {
  const [numbers, others] = [parts(version), parts(than)];
  for (let at = 0; at < 3; at++) {
    const difference = (numbers[at] ?? 0) - (others[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return than.includes("-") && !version.includes("-");
}

function parts(version: string): readonly number[] {
  return (version.split("-")[0] ?? "").split(".").map(Number);
}
