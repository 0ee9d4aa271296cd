/** How this aim came onto the machine, by where it lies, and what brings a newer one. */

/** The package on PyPI; its wheels hold the binary alone. */
export const PYTHON_PACKAGE = "aim-cli";

/** How aim was installed. */
export interface Installed {
  /** In a word: `homebrew`, `npm`, `script`. */
  readonly by: string;
  /** In words: `Homebrew`. */
  readonly name: string;
  /** What upgrades it. */
  readonly command: string;
}

/** What is known of a run. Paths are those that links lead to. */
export interface Whereabouts {
  /** The program that runs: aim itself, or `deno` and `bun` from source. */
  readonly program: string;
  /** owner/name of the repository on GitHub whose releases are used; null when nobody said. */
  readonly repository: string | null;
  /** True when the program's folder belongs to an environment of Python. */
  readonly inVirtualEnvironment: boolean;
}

/** Tells it by path. A file in no known place was put there by the script or by hand. */
export function howInstalled(where: Whereabouts): Installed {
  const path = where.program.replaceAll("\\", "/");
  if (!/(?:^|\/)aim(?:\.exe)?$/i.test(path)) {
    return {
      by: "source",
      name: "a clone of its repository",
      command: "git pull && deno task build",
    };
  }
  if (/\/Cellar\//.test(path)) {
    return { by: "homebrew", name: "Homebrew", command: "brew upgrade aim" };
  }
  if (/\/scoop\/apps\//i.test(path)) {
    return { by: "scoop", name: "scoop", command: "scoop update aim" };
  }
  const winget = /\/WinGet\/Packages\/([^/]+?)_/i.exec(path)?.[1];
  if (winget) return { by: "winget", name: "winget", command: `winget upgrade --id ${winget}` };
  return ofNode(path) ?? ofPython(path, where) ?? ofScript(path, where);
}

/** From a package of npm: `node_modules/@scope/aim-linux-x64/aim`. */
function ofNode(path: string): Installed | null {
  const found = /\/node_modules\/((?:@[\w.-]+\/)?aim)(?:-[\w-]+)?\/aim(?:\.exe)?$/.exec(path);
  if (found === null) return null;
  const name = `${found[1]}@latest`;
  const by = (manager: string, command: string) => ({ by: manager, name: manager, command });
  if (/\/_npx\//.test(path)) return by("npm", `npx ${name}`);
  if (/\/\.bun\/install\/global\//.test(path)) return by("bun", `bun add --global ${name}`);
  if (/\/pnpm\/global\//.test(path)) return by("pnpm", `pnpm add --global ${name}`);
  if (/\/node_modules\/\.pnpm\//.test(path)) return by("pnpm", `pnpm add --save-dev ${name}`);
  const isGlobal = /\/lib\/node_modules\/|\/AppData\/Roaming\/npm\//.test(path);
  return by("npm", `npm install ${isGlobal ? "--global" : "--save-dev"} ${name}`);
}

/** From a wheel, which puts the binary among the programs of an environment. */
function ofPython(path: string, { inVirtualEnvironment }: Whereabouts): Installed | null {
  if (/\/pipx\/venvs\//.test(path)) {
    return { by: "pipx", name: "pipx", command: `pipx upgrade ${PYTHON_PACKAGE}` };
  }
  if (/\/uv\/tools\//.test(path)) {
    return { by: "uv", name: "uv", command: `uv tool upgrade ${PYTHON_PACKAGE}` };
  }
  if (!inVirtualEnvironment) return null;
  return { by: "pip", name: "pip", command: `pip install --upgrade ${PYTHON_PACKAGE}` };
}

function ofScript(path: string, { repository }: Whereabouts): Installed {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const from = `https://github.com/${repository ?? "OWNER/NAME"}/releases/latest/download`;
  const command = /\.exe$/i.test(path)
    ? `$env:AIM_INSTALL_DIR = ${single(folder, "''")}; irm ${from}/install.ps1 | iex`
    : `curl -fsSL ${from}/install.sh | AIM_INSTALL_DIR=${single(folder, "'\\''")} sh`;
  return { by: "script", name: "install.sh or by hand", command };
}

/** Quoted for a shell when it has to be. */
function single(text: string, quote: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", quote)}'`;
}
