// The page for searching the archive.
import { refuseDrop } from "../shared/files.js";
import { start } from "../shared/page_base.js";

refuseDrop();
start(() => {});
