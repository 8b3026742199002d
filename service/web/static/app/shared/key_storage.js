// The access key, kept until the tab is closed and sent only to the service.

const NAME = "kexie:key";
let here = ""; // fallback without session storage

// Browsers without storage for third-party frames throw on access to sessionStorage.
export function heldKey() {
  try {
    return sessionStorage.getItem(NAME) ?? here;
  } catch {
    return here;
  }
}

/** Replaces the key; "" removes it. */
export function holdKey(key) {
  here = key;
  try {
    if (key) sessionStorage.setItem(NAME, key);
    else sessionStorage.removeItem(NAME);
  } catch {
    // kept for this page only
  }
  showButton();
}

/** Shows the button for changing the key while one is kept. */
export function showButton() {
  const button = document.getElementById("change-key");
  if (button) button.hidden = !heldKey();
}
