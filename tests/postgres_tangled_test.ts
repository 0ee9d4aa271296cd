import { checkPairs } from "./postgres/check_pairs.ts";
import { TANGLED_PAIRS } from "./postgres/tangled_pairs.ts";

await checkPairs(TANGLED_PAIRS);
