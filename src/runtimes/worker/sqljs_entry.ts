/** Where the thread of the embedded SQLite begins when aim runs from source. */

import * as engine from "../sqljs_engine.ts";
import { serve } from "./serve.ts";

serve(() => Promise.resolve(engine));
