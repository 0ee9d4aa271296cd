/** Where the thread of the SQLite of the host begins when aim runs from source. */

import * as engine from "../node_sqlite_engine.ts";
import { serve } from "./serve.ts";

serve(() => Promise.resolve(engine));
