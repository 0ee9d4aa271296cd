#!/usr/bin/env node
// Starts the program of this platform, which npm installed as an optional package beside this one.
"use strict";
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const process = require("node:process");

/** Exit code for a machine that cannot do it, as aim's own. */
const SETUP = 3;

/** The file of the program: what AIM_BINARY names, else that of the package for this platform; null when there is none. */
function program() {
  if (process.env.AIM_BINARY) return process.env.AIM_BINARY;
  const package_ = `${require("../package.json").name}-${process.platform}-${process.arch}`;
  const file = process.platform === "win32" ? "aim.exe" : "aim";
  const musl = `${package_}-musl`;
  for (const name of isMusl() ? [musl, package_] : [package_, musl]) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch {
      continue;
    }
  }
  return null;
}

/** On Linux with another C library than glibc, Node's report names no version of it. */
function isMusl() {
  if (process.platform !== "linux" || process.report === undefined) return false;
  return !process.report.getReport().header.glibcVersionRuntime;
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(SETUP);
}

const file = program();
if (file === null) {
  fail(
    `Cannot start aim: its package for ${process.platform}-${process.arch} is not installed\n` +
      "  Was it installed with --omit=optional, or from a lock file of another platform? Install again, or set AIM_BINARY",
  );
}

const child = spawn(file, process.argv.slice(2), { stdio: "inherit" });
// A terminal sends Ctrl-C to the whole group: the program has it already, and is waited for.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => fail(`Cannot start aim: ${error.message}`));
child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
