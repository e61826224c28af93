// Texts that the portal has not accepted yet, kept on this device: one entry for each page that was typed on.
// A key names the person, the self-assessment, the question and the page, so that nobody is shown another's text.

const PREFIX = "ccp-answer";

/** All entries under the beginning of a key, as [key, entry]; damaged ones are cleared away. */
export function keptUnder(beginning) {
  const found = [];
  for (const key of storedKeys()) {
    if (!key.startsWith(beginning)) continue;
    try {
      const entry = JSON.parse(localStorage.getItem(key));
      if (entry && entry.fields) found.push([key, entry]);
    } catch {
      drop(key);
    }
  }
  return found;
}

function storedKeys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}/`));
  } catch {
    return []; // the browser keeps nothing for us: the page still saves
  }
}

export function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}

/** The beginning of the keys of one question, for one person. */
export function beginningOf(user, assessment, question) {
  return `${PREFIX}/${user}/${assessment}/${question}/`;
}

/** Keep an entry: `fields`, `base` (the version that they were typed over), `tried` (sent, and no answer came). */
export function keep(key, entry) {
  try {
    localStorage.setItem(key, JSON.stringify({ ...entry, at: new Date().toISOString() }));
    return true;
  } catch {
    return false; // full, or forbidden
  }
}

/** After a page said that an answer was saved by its button: what was sent by it is kept no longer. */
export function forgetSaved() {
  for (const told of document.querySelectorAll("[data-saved-answer]")) {
    for (const [key, entry] of keptUnder(`${PREFIX}/`)) {
      if (entry.sent && key.split("/").slice(2, 4).join("/") === told.dataset.savedAnswer) drop(key);
    }
  }
}
