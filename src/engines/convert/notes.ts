/** Notes about what has no equal. */

import type { ConversionNote } from "./neutral.ts";
import { Untranslatable } from "./tree.ts";

/** Collects notes. */
export class Notes {
  readonly all: ConversionNote[] = [];

  /** Nothing is left of it. */
  dropped(object: string, why: string): void {
    this.all.push({ object, outcome: "dropped", became: "", why });
  }

  /** Something else stands for it. */
  changed(object: string, became: string, why: string): void {
    this.all.push({ object, outcome: "changed", became, why });
  }

  /** It has another name. */
  renamed(object: string, became: string, why: string): void {
    this.all.push({ object, outcome: "renamed", became, why });
  }

  /** What `make` gives; null, and a note that the object is dropped, for what has no equal. */
  attempt<T>(object: string, make: () => T): T | null {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      this.dropped(object, error.message);
      return null;
    }
  }
}
