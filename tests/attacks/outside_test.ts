import { attacks } from "../../scripts/attack/kinds/outside.ts";
import { testAttacks } from "./held.ts";

testAttacks(attacks);
