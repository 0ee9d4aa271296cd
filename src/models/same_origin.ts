/** Redirects: a request carries a key and a prompt, so it goes to the server that the settings name and to no other. */

import { CallFailure } from "./failure.ts";

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * A `fetch` that follows redirects within one origin (scheme, host and port), up to five. The request is repeated as it was:
 * no API turns a POST into a GET. Throws CallFailure for a redirect elsewhere, before anything is sent there.
 */
export function sameOriginFetch(network: typeof fetch): typeof fetch {
  return async (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
    const first = new URL(input instanceof Request ? input.url : String(input));
    let [url, options] = [first, init];
    for (let redirects = 0;; redirects++) {
      const target = input instanceof Request && redirects === 0 ? input : url;
      const response = await network(target, { ...options, redirect: "manual" });
      if (!REDIRECTS.includes(response.status)) return response;
      await response.body?.cancel();
      if (input instanceof Request) throw new TypeError("a Request cannot be sent again");
      url = targetOf(response, url);
      if (url.origin !== first.origin || url.username !== "" || url.password !== "") {
        throw elsewhere(first, url, response.status);
      }
      if (redirects + 1 >= MOST_REDIRECTS) {
        throw new CallFailure(
          "limit",
          `it redirects more than ${MOST_REDIRECTS} times, the last time to ${plain(url)}`,
        );
      }
      if (response.status === 303) options = { ...options, method: "GET", body: undefined };
    }
  };
}

function targetOf(response: Response, from: URL): URL {
  const location = response.headers.get("location") ?? "";
  if (location !== "" && URL.canParse(location, from)) return new URL(location, from);
  throw new CallFailure(
    "redirect",
    `${from.origin} redirects (status ${response.status}) without an address that can be read`,
  );
}

function elsewhere(from: URL, to: URL, status: number): CallFailure {
  const where = to.origin === from.origin ? `${plain(to)} with a user's name` : originOf(to);
  return new CallFailure(
    "redirect",
    `${from.origin} redirects to ${where} (status ${status}); neither key nor prompt was sent there`,
  );
}

/** The origin; for a scheme without one its name: `file:`. */
function originOf(url: URL): string {
  return url.origin === "null" ? url.protocol : url.origin;
}

/** Without user, query and fragment. */
function plain({ origin, pathname }: URL): string {
  return `${origin}${pathname.slice(0, 200)}`;
}
