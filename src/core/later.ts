/** What a run may not need is loaded when it is called. */

/** A function whose file is loaded by its first call: `load` imports it. */
export function later<Run extends (...given: never[]) => Promise<unknown>>(
  load: () => Promise<Run>,
): Run {
  const run = async (...given: Parameters<Run>) => await (await load())(...given);
  // The very parameters and the very answer of what is loaded, which no type can say here.
  return run as unknown as Run;
}
