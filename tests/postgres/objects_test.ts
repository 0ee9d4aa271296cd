import { checkPairs } from "./check_pairs.ts";
import { OBJECT_PAIRS } from "./object_pairs.ts";

await checkPairs(OBJECT_PAIRS);
