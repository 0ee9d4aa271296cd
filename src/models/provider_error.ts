/** What the user is told when a provider fails for good. */

import { type AimError, ProviderError, UsageError } from "../core/error.ts";
import { nearest } from "../text/nearest.ts";
import type { CallFailure } from "./failure.ts";
import type { ModelSpec } from "./model_spec.ts";
import type { Timing } from "./stall_timeout.ts";

/** What is known besides the failure. */
export interface FailedCall {
  readonly spec: ModelSpec;
  readonly timing: Timing;
  /** Ids of the models that the provider offers, where it was asked. */
  readonly offered: readonly string[];
}

/** The error for a failure: UsageError for a key, a model or an address that is wrong, else ProviderError. */
export function providerError(
  failure: CallFailure,
  { spec, timing, offered }: FailedCall,
): AimError {
  const { provider, model } = spec;
  const { kind, status, message, retryAfterMs } = failure;
  const told = status === undefined ? message : `${message} (status ${status})`;
  switch (kind) {
    case "key":
      return new UsageError(`Cannot ask ${provider.name}: it refused the key: ${told}`, {
        code: "key-refused",
        hint: `Check ${
          provider.keyVariables[0] ?? "the key"
        }, or run \`aim auth ${provider.name}\``,
        cause: failure,
      });
    case "model":
      return new UsageError(`Cannot ask ${provider.name} for the model "${model}": ${told}`, {
        code: "unknown-model",
        hint: modelHint(spec, offered),
        cause: failure,
      });
    case "address":
      return new UsageError(`Cannot find an API of ${provider.name} at its address: ${told}`, {
        code: "address",
        hint: "Check base_url: it usually ends with /v1",
        cause: failure,
      });
    case "billing":
      return failed(spec, "billing", `no credit or quota is left: ${told}`, {
        hint: "Add credit with the provider, or take another model",
        cause: failure,
      });
    case "absent":
      return failed(spec, "absent", `no server answers at its address: ${message}`, {
        hint: provider.absent ??
          "Is the network up? Behind a proxy set HTTPS_PROXY, and NO_PROXY for what goes past it",
        cause: failure,
      });
    case "certificate":
      return failed(spec, "certificate", `its certificate is not known here: ${message}`, {
        hint: "Behind a proxy with a certificate of its own, set SSL_CERT_FILE or " +
          "DENO_TLS_CA_STORE=system",
        cause: failure,
      });
    case "rate":
    case "overloaded":
      if (retryAfterMs !== undefined && retryAfterMs > timing.longestRetryAfterMs) {
        const at = new Date(Date.now() + retryAfterMs).toTimeString().slice(0, 5);
        return failed(spec, kind, `${told}; it wants to be asked again at ${at}`, {
          hint: `That is in ${Math.ceil(retryAfterMs / 1000)} s; --llm-timeout is the longest wait`,
          cause: failure,
        });
      }
      return failed(spec, kind, `${told}, ${timing.tries} times`, { cause: failure });
    case "silent":
      return failed(spec, "silent", `${message}, ${timing.tries} times`, {
        hint: "--llm-timeout is the longest silence in seconds",
        cause: failure,
      });
    case "limit":
      return failed(spec, "limit", told, {
        hint: "No model answers like this: is base_url the address of its API? " +
          "max_tokens and --llm-timeout set the limits of an answer",
        cause: failure,
      });
    case "redirect":
      return failed(spec, "redirect", told, {
        hint: "If the provider has moved, set base_url, or its variable, to the new address",
        cause: failure,
      });
    case "field":
      return failed(spec, kind, told, {
        ...(failure.field === "format"
          ? { hint: "Set output_mode to a form of answer that its server knows, or to auto" }
          : {}),
        cause: failure,
      });
    default:
      return failed(spec, kind, told, { cause: failure });
  }
}

function failed(
  spec: ModelSpec,
  code: string,
  reason: string,
  details: { readonly hint?: string; readonly cause?: unknown },
): ProviderError {
  return new ProviderError(`Cannot get an answer from ${spec.name}: ${reason}`, {
    code: `provider-${code}`,
    ...details,
  });
}

function modelHint({ provider, model }: ModelSpec, offered: readonly string[]): string {
  const pull = provider.name === "ollama" ? `\`ollama pull ${model}\` fetches it; ` : "";
  const list = `\`aim models ${provider.name}\` lists what it offers`;
  const near = nearest(model, offered);
  return near === null
    ? `${pull}${list}`
    : `${pull}Did you mean "${provider.name}/${near}"? ${list}`;
}
