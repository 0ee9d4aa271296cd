/** Talk on a terminal: a line that moves while a stage runs, and a line that stays when it is done. */

import type { Event } from "../../core/event.ts";
import type { Sink } from "../io.ts";
import type { Paint } from "../paint.ts";
import { plainLine } from "./plain.ts";
import { duration } from "./stage_line.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** Milliseconds before the moving line is drawn, so that fast runs never flicker. */
const PATIENCE = 150;
const PERIOD = 80;

/** What the moving line shows. */
export interface Live {
  readonly stage: string;
  readonly text: string;
  readonly done: number;
  readonly total: number;
  /** Since the stage began. */
  readonly ms: number;
}

/** The moving line, cut so that the `^C` of a terminal still fits behind it, without line end. */
export function liveLine(live: Live, paint: Paint, columns: number): string {
  const frame = FRAMES[Math.floor(live.ms / PERIOD) % FRAMES.length] ?? "";
  const count = live.total > 0 ? `${live.done}/${live.total} ` : "";
  const time = duration(live.ms);
  const stage = live.stage.padEnd(8);
  const room = Math.max(0, columns - stage.length - time.length - 8);
  const text = shortened(`${count}${live.text}`, room);
  return `${paint.cyan(frame)} ${paint.green(stage)} ${text}  ${paint.dim(time)}`;
}

/** Draws events on a terminal. */
export interface LiveReport {
  emit(event: Event): void;
  /** Takes the moving line away while something else writes. */
  pause(): void;
  resume(): void;
  end(): void;
}

/** A report that owns the last line of a terminal. */
export function liveReport(sink: Sink, now: () => number = () => performance.now()): LiveReport {
  let live: Omit<Live, "ms"> | null = null;
  let since = 0;
  let drawn = false;
  let drawnAt = 0;
  let paused = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  const clear = () => {
    if (drawn) sink.erase();
    drawn = false;
  };
  // Called by the timer and by every event: an engine inside this process holds the timer up for as long as it works.
  const draw = () => {
    const ms = now() - since;
    if (live === null || paused || ms < PATIENCE || now() - drawnAt < PERIOD) return;
    drawnAt = now();
    sink.draw(liveLine({ ...live, ms }, sink.paint, sink.columns()));
    drawn = true;
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    live = null;
    clear();
  };
  return {
    emit: (event) => {
      if (event.type === "stage" && event.state === "start") {
        stop();
        live = { stage: event.stage, text: event.text, done: 0, total: 0 };
        since = now();
        timer = setInterval(draw, PERIOD);
        timer.unref?.();
        return;
      }
      if (event.type === "progress") {
        if (live !== null) {
          live = { ...live, text: event.text, done: event.done, total: event.total };
        }
      }
      draw();
      if (event.type === "stage") stop();
      const line = plainLine(event, sink.paint, false, sink.room());
      if (line !== "") {
        clear();
        sink.write(line);
      }
    },
    pause: () => {
      paused = true;
      clear();
    },
    resume: () => {
      paused = false;
    },
    end: stop,
  };
}

function shortened(text: string, room: number): string {
  return text.length <= room ? text : room < 2 ? "" : `${text.slice(0, room - 1)}…`;
}
