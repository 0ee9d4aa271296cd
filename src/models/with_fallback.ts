/** A second model for when the first one's provider fails for good: it answers for the rest of the run. */

import { ProviderError } from "../core/error.ts";
import type { Emit } from "../core/event.ts";
import type { Model } from "./model.ts";

/** The first model with a second one behind it, which is opened when it is needed. */
export function withFallback(
  first: Model,
  second: () => Promise<Model>,
  emit: Emit,
): Model {
  let model = first;
  let isSecond = false;
  const turnTo = async (why: string) => {
    model = await second();
    isSecond = true;
    emit({ type: "note", text: `${why}; ${model.name} (fallback_model) answers from now on` });
  };
  return {
    get name() {
      return model.name;
    },
    get contextTokens() {
      return model.contextTokens;
    },
    price: (input, output) => model.price(input, output),
    unreadable: () => model.unreadable(),
    preview: (request) => model.preview(request),
    complete: async (request, signal) => {
      try {
        const reply = await model.complete(request, signal);
        if (isSecond || reply.stop !== "refusal") return reply;
        await turnTo(`${first.name} refuses${reply.refusal ? `: ${reply.refusal}` : ""}`);
      } catch (error) {
        signal.throwIfAborted();
        if (isSecond || !(error instanceof ProviderError)) throw error;
        await turnTo(error.message);
      }
      return await model.complete(request, signal);
    },
  };
}
