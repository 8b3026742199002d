// The page of the register, to be printed.
import { start } from "../shared/page_base.js";
import { elementOf } from "../shared/page.js";

document.addEventListener("click", (event) => {
  if (elementOf(event).id === "print") globalThis.print();
});

start(() => {});
