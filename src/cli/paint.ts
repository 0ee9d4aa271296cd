/** Colour for one stream, and the decision whether it has any. */

/** Wraps text in a colour, or leaves it as it is. */
export interface Paint {
  readonly colour: boolean;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly magenta: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** A paint that colours, or one that does not. `code` says how a colour stands in the text: as a terminal reads it, or as a mark. */
export function paint(colour: boolean, code: (style: number) => string = escapeCode): Paint {
  const style = (open: number, close: number) => (text: string) =>
    colour && text !== "" ? `${code(open)}${text}${code(close)}` : text;
  return {
    colour,
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    blue: style(34, 39),
    magenta: style(35, 39),
    cyan: style(36, 39),
  };
}

/** A style as a terminal reads it. */
export function escapeCode(style: number): string {
  return `\x1b[${style}m`;
}

/** What the choice of colour depends on. */
export interface ColourWish {
  /** `--color`. */
  readonly flag: "auto" | "always" | "never";
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Of the stream in question. */
  readonly terminal: boolean;
}

/** Whether a stream gets colour: the flag, then NO_COLOR, then FORCE_COLOR and CLICOLOR_FORCE, then CLICOLOR, then the stream. */
export function wantsColour({ flag, variables, terminal }: ColourWish): boolean {
  if (flag !== "auto") return flag === "always";
  if (isSet(variables.NO_COLOR)) return false;
  if (isSet(variables.FORCE_COLOR)) return !isOff(variables.FORCE_COLOR);
  if (isSet(variables.CLICOLOR_FORCE) && !isOff(variables.CLICOLOR_FORCE)) return true;
  if (isOff(variables.CLICOLOR)) return false;
  return terminal && variables.TERM !== "dumb";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

function isOff(value: string | undefined): boolean {
  return value === "0" || value === "false";
}
