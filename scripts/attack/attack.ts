/** What an attack on aim is: an input that must not get what it wants, run as a person would run aim on it. */

import type { Random } from "../../tests/property/random.ts";

/** What an attack may use. */
export interface AttackSetup {
  /** From the printed seed. */
  readonly random: Random;
  /** The round: 0 is the attack as it was first seen, later ones are variants made at random. */
  readonly round: number;
}

/** One attack. */
export interface Attack {
  /** A few words: `library from a large object`. */
  readonly name: string;
  /** What got through, in one sentence, or null when the wall held. */
  run(setup: AttackSetup): Promise<string | null>;
}
