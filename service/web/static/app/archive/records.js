// The page on which the archive is searched.
import { start } from "./page_base.js";

start(() => {});
