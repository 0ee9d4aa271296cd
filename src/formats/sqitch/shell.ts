/** The few shell commands that scripts use to read their data (`cat`, `sed`, `tr`, `head`, `tail`, `echo`), done here; nothing is executed. */

/** Reads a file by its path in the project; null when there is none. */
export type ReadFile = (path: string) => string | null;

/** What a command line prints, or why it is not done: `message` starts in lower case. */
export type ShellResult =
  | { readonly output: string }
  | { readonly refused: string };

/** Does a pipeline such as `sed 's/a/b/g' < data.json | tr -d '\n'`. */
export function runShell(command: string, read: ReadFile): ShellResult {
  const parsed = parsePipeline(command);
  if ("refused" in parsed) return parsed;
  let flow = "";
  for (const stage of parsed.stages) {
    const input = stage.input === null ? flow : read(stage.input);
    if (input === null) return { refused: `there is no file "${stage.input}" in the project` };
    const result = runStage(stage.words, input, read);
    if ("refused" in result) return result;
    flow = result.output;
  }
  return { output: flow };
}

/** The files that a command line reads, as far as it is one that `runShell` does. */
export function shellFiles(command: string): readonly string[] {
  const out: string[] = [];
  const note: ReadFile = (path) => {
    out.push(path);
    return "";
  };
  runShell(command, note);
  return out;
}

interface Stage {
  readonly words: readonly string[];
  readonly input: string | null;
}

function parsePipeline(
  command: string,
): { readonly stages: readonly Stage[] } | { readonly refused: string } {
  const stages: Stage[] = [];
  let words: string[] = [];
  let input: string | null = null;
  let redirect = false;
  const token = /\s*(?:([|<])|((?:[\w./:@%+=,^-]|\\.|'[^']*'|"(?:[^"\\$`]|\\.)*")+))/y;
  const text = command.trim();
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    if (found === null) return { refused: `the shell command "${command.trim()}" is not run` };
    const [, operator, word] = found;
    if (operator === "|") {
      stages.push({ words, input });
      [words, input] = [[], null];
    } else if (operator === "<") redirect = true;
    else if (redirect) {
      input = unquote(word ?? "");
      redirect = false;
    } else words.push(unquote(word ?? ""));
  }
  stages.push({ words, input });
  if (redirect || stages.some((stage) => stage.words.length === 0)) {
    return { refused: `the shell command "${command.trim()}" is not run` };
  }
  return { stages };
}

function unquote(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\([\\"$`])/g, "$1") ?? escaped ?? "",
  );
}

function runStage(words: readonly string[], input: string, read: ReadFile): ShellResult {
  const [program = "", ...rest] = words;
  const refused = { refused: `the shell command "${words.join(" ")}" is not run` };
  const texts = (paths: readonly string[]): string | ShellResult => {
    if (paths.some((path) => path.startsWith("-") && path !== "-")) return refused;
    if (paths.length === 0) return input;
    let out = "";
    for (const path of paths) {
      const text = path === "-" ? input : read(path);
      if (text === null) return { refused: `there is no file "${path}" in the project` };
      out += text;
    }
    return out;
  };
  const through = (
    paths: readonly string[],
    change: (text: string) => string | null,
  ): ShellResult => {
    const text = texts(paths);
    if (typeof text !== "string") return text;
    const output = change(text);
    return output === null ? refused : { output };
  };
  switch (program.replace(/^(?:\/usr)?\/bin\//, "")) {
    case "cat":
      return through(rest, (text) => text);
    case "echo":
      return rest[0]?.startsWith("-") === true
        ? rest[0] === "-n" ? { output: rest.slice(1).join(" ") } : refused
        : { output: rest.join(" ") + "\n" };
    case "head":
    case "tail": {
      const [flag, count, paths] = countOf(rest);
      if (flag === null) return refused;
      return through(paths, (text) => cutLines(text, program.endsWith("head"), count));
    }
    case "tr":
      return through([], (text) => translate(text, rest));
    case "sed": {
      const extended = rest.includes("-E") || rest.includes("-r");
      const bare = rest.filter((word) => word !== "-E" && word !== "-r" && word !== "-e");
      const [script = "", ...paths] = bare;
      return through(paths, (text) => substitute(text, script, extended));
    }
    default:
      return refused;
  }
}

function countOf(words: readonly string[]): readonly [string | null, string, readonly string[]] {
  const [first = "", second = "", ...rest] = words;
  if (first === "-n" && /^\+?\d+$/.test(second)) return [first, second, rest];
  const joined = /^-n?(\+?\d+)$/.exec(first);
  if (joined !== null) return [first, joined[1] ?? "", words.slice(1)];
  return first.startsWith("-") ? [null, "", []] : ["", "10", words];
}

function cutLines(text: string, head: boolean, count: string): string {
  const all = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const number = Number(count.replace("+", ""));
  if (head) return all.slice(0, number).join("");
  return (count.startsWith("+") ? all.slice(number - 1) : all.slice(-number || all.length))
    .join("");
}

function translate(text: string, words: readonly string[]): string | null {
  const [first = "", second = ""] = words;
  if (first === "-d" && words.length === 2) {
    const set = trSet(second);
    return set === null ? null : [...text].filter((sign) => !set.includes(sign)).join("");
  }
  const [from, to] = [trSet(first), trSet(second)];
  if (first.startsWith("-") || words.length !== 2 || from === null || to === null) return null;
  return [...text].map((sign) => {
    const at = from.indexOf(sign);
    return at < 0 ? sign : to[Math.min(at, to.length - 1)] ?? sign;
  }).join("");
}

function trSet(word: string): readonly string[] | null {
  if (/\[[:=]/.test(word)) return null;
  const signs = [...word.replace(/\\(.)/gs, (_, sign: string) => ESCAPES[sign] ?? sign)];
  const out: string[] = [];
  for (let i = 0; i < signs.length; i++) {
    const [from = "", dash, to] = signs.slice(i, i + 3);
    if (dash !== "-" || to === undefined) {
      out.push(from);
      continue;
    }
    for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) {
      out.push(String.fromCharCode(code));
    }
    i += 2;
  }
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\" };

/** sed's `s` and line deletion (`1d`, `$d`), line by line. */
function substitute(text: string, script: string, extended: boolean): string | null {
  let out: string[] = text.split("\n");
  const ended = out.at(-1) === "";
  if (ended) out.pop();
  for (const command of script.split(/;(?=\s*(?:s[^\w\s]|\d|\$d))/)) {
    const drop = /^\s*(\d+|\$)d\s*$/.exec(command);
    if (drop !== null) {
      const line = drop[1] === "$" ? out.length - 1 : Number(drop[1]) - 1;
      out = out.filter((_, index) => index !== line);
      continue;
    }
    const change = sedChange(command.trim(), extended);
    if (change === null) return null;
    out = out.map((line) => line.replace(change.pattern, change.by));
  }
  return out.join("\n") + (ended ? "\n" : "");
}

function sedChange(
  command: string,
  extended: boolean,
): { readonly pattern: RegExp; readonly by: (...groups: string[]) => string } | null {
  const sign = command[1] ?? "";
  if (command[0] !== "s" || /[\w\s\\]/.test(sign)) return null;
  const parts = [""];
  for (let i = 2; i < command.length; i++) {
    const pair = command.slice(i, i + 2);
    const last = parts.length - 1;
    if (pair[0] === "\\") {
      parts[last] += pair[1] === sign ? sign : pair;
      i++;
    } else if (pair[0] === sign) parts.push("");
    else parts[last] += pair[0] ?? "";
  }
  const [from = "", to = "", flags = ""] = parts;
  if (parts.length !== 3 || !/^[gI]*$/.test(flags)) return null;
  const source = extended ? from : basicToExtended(from);
  try {
    const pattern = new RegExp(
      source,
      (flags.includes("g") ? "g" : "") + (flags.includes("I") ? "i" : ""),
    );
    return {
      pattern,
      by: (...groups) =>
        to.replace(/\\(\d)|\\(.)|&/gs, (mark, group?: string, escaped?: string) => {
          if (group !== undefined) return groups[Number(group)] ?? "";
          return mark === "&" ? groups[0] ?? "" : ESCAPES[escaped ?? ""] ?? escaped ?? "";
        }),
    };
  } catch {
    return null;
  }
}

/** A basic regular expression in the spelling of an extended one: `\(` and `(` change places. */
function basicToExtended(source: string): string {
  return source.replace(/\\(.)|([(){}+?|])/gs, (mark, escaped?: string, plain?: string) => {
    if (plain !== undefined) return `\\${plain}`;
    return escaped !== undefined && "(){}+?|".includes(escaped) ? escaped : mark;
  });
}
