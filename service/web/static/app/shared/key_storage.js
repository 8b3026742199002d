// The access key that the person gave: kept until the tab is closed, and told to nobody but the service.

const NAME = "kexie:key";
let here = ""; // where the browser keeps nothing

// A browser that keeps nothing for frames of other sites throws at the very mention of sessionStorage.
export function heldKey() {
  try {
    return sessionStorage.getItem(NAME) ?? here;
  } catch {
    return here;
  }
}

/** Keeps a key in place of the one before; "" keeps none. */
export function holdKey(key) {
  here = key;
  try {
    if (key) sessionStorage.setItem(NAME, key);
    else sessionStorage.removeItem(NAME);
  } catch {
    // then for this page alone
  }
  showButton();
}

/** The button by which a key is changed is there while one is held. */
export function showButton() {
  const button = document.getElementById("change-key");
  if (button) button.hidden = !heldKey();
}
