// The page for searching the archive.
import { start } from "../shared/page_base.js";

start(() => {});
