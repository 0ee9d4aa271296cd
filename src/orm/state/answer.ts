/** What a script of the project answers when it is asked what the models are. */

/** The object in the last line that was printed, whatever the project's own code prints before. Null where it is none. */
export function answerIn(stdout: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** What to do about a script that takes the question for the usual one. */
export function olderScript(tool: string): string {
  return `the script that reads the models is of an older aim: move it away, run \`aim init --orm ${tool}\`, and put your changes into the new one`;
}
