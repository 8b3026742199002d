// The page on which the archive is searched.
import { start } from "./archive.js";

start(() => {});
