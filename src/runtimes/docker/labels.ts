/** Labels of the containers that aim starts: by them they are found again, by people too. */
export const LABELS = {
  run: "io.aim.run",
  pid: "io.aim.pid",
  host: "io.aim.host",
  started: "io.aim.started",
} as const;
