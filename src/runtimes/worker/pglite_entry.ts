/** Where the thread of the embedded Postgres begins when aim runs from source. */

import * as engine from "../pglite/engine.ts";
import { serve } from "./serve.ts";

serve(() => Promise.resolve(engine));
