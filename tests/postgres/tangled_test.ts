import { checkPairs } from "./check_pairs.ts";
import { TANGLED_PAIRS } from "./tangled_pairs.ts";

await checkPairs(TANGLED_PAIRS);
