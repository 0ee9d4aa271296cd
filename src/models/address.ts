/** Where a provider is reached: its own address, or the one that settings and variables name. */

import type { Config } from "../config/config.ts";
import { UsageError } from "../core/error.ts";
import type { Variables } from "../host/user_dirs.ts";
import { isLoopback, type Provider } from "./providers.ts";
import { requireTrustInAddress } from "./trust.ts";

/**
 * The base URL without a trailing slash.
 * Throws UsageError when there is none, when it is no address, or when a project sets it that is not trusted. An address of this
 * machine is given to everybody; what is not given for it without trust is a key.
 */
export async function addressOf(
  provider: Provider,
  config: Config,
  variables: Variables,
): Promise<string> {
  if (config.baseUrl !== null) {
    const near = isLoopback(config.baseUrl);
    if (!near) await requireTrustInAddress(config, provider.name, variables);
    return checked(config.baseUrl, "base_url");
  }
  for (const name of provider.baseUrlVariables) {
    const value = variables[name]?.trim();
    if (value) return checked(shaped(provider, value, variables), name);
  }
  if (provider.baseUrl !== null) return provider.baseUrl;
  throw new UsageError(`Cannot find the address of ${provider.name}`, {
    code: "address",
    hint: [
      'Set base_url, such as base_url = "http://localhost:8080/v1"',
      ...provider.baseUrlVariables.map((name) => `or ${name}`),
    ].join(" "),
  });
}

/** Lets requests to this machine pass by a proxy; both runtimes read the variable with the first request. */
export function passProxyBy(url: string, variables: Record<string, string | undefined>): void {
  if (!isLoopback(url)) return;
  const hosts = ["localhost", "127.0.0.1", "::1"];
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const known = (variables[name] ?? "").split(",").map((host) => host.trim());
    const all = [...known, ...hosts.filter((host) => !known.includes(host))];
    variables[name] = all.filter((host) => host !== "").join(",");
  }
}

function checked(url: string, origin: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, "");
  throw new UsageError(`Cannot use ${origin} "${url}": it is not an http or https address`, {
    code: "address",
  });
}

/** Addresses that their own tools write in short. */
function shaped(provider: Provider, value: string, variables: Variables): string {
  switch (provider.name) {
    case "ollama": {
      const url = new URL(/^https?:\/\//.test(value) ? value : `http://${value}`);
      if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
      if (url.port === "" && url.protocol === "http:") url.port = "11434";
      return url.pathname === "/" ? `${url.origin}/v1` : url.href;
    }
    case "azure":
      return /\/openai(\/|$)/.test(value) ? value : `${value.replace(/\/+$/, "")}/openai/v1`;
    case "bedrock":
      return `https://bedrock-runtime.${label(value)}.amazonaws.com/openai/v1`;
    case "vertex": {
      const place = label(variables.GOOGLE_CLOUD_LOCATION?.trim() || "us-central1");
      const host = place === "global" ? "aiplatform" : `${place}-aiplatform`;
      return `https://${host}.googleapis.com/v1/projects/${
        label(value)
      }/locations/${place}/endpoints/openapi`;
    }
    default:
      return value;
  }
}

/** A region or a project as it can stand in a host name. Throws UsageError for anything else. */
function label(text: string): string {
  if (/^[a-z0-9-]{1,63}$/.test(text)) return text;
  throw new UsageError(`Cannot use "${text}" as a part of an address`, {
    code: "address",
    hint: "a region or a project has small letters, digits and hyphens",
  });
}
