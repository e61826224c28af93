// Texts that the portal has not accepted yet, kept on this device: one entry for each page that was typed on.
// A key names the person, the self-assessment, the question and the page, so that nobody is shown another's text.

const PREFIX = "ccp-answer";
const SENT = "ccp-answer-sent"; // of this tab

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

/** Remember in this tab which text goes out by a button, until a page says what became of it. */
export function rememberSent(key) {
  try {
    sessionStorage.setItem(SENT, key);
  } catch {
    // then it is offered once more, which loses nothing
  }
}

/** The key of the text that went out by a button of this tab last. */
export function lastSent() {
  try {
    return sessionStorage.getItem(SENT);
  } catch {
    return null;
  }
}

/** After a page said that an answer was saved by its button: what was sent by it, and nothing else, is kept no longer. */
export function forgetSaved() {
  const key = lastSent();
  if (!key) return;
  for (const told of document.querySelectorAll("[data-saved-answer]")) {
    if (key.split("/").slice(2, 4).join("/") === told.dataset.savedAnswer) drop(key);
  }
}
