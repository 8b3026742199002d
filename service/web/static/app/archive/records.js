// The page for searching the archive.
import { start } from "./page_base.js";

start(() => {});
