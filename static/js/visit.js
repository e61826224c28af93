// Keeps on this device what was typed at a camera or place and not saved yet: lines on the road are bad.
// The form saves by its buttons; without this script nothing else is different.
import { beginningOf, drop, forgetSaved, keep, keptUnder, rememberSent } from "./kept_answers.js";

const PAGE = Math.random().toString(36).slice(2);

/** Everything that the form says, but the tokens and versions that come with the page. */
function fieldsOf(form) {
  const said = {};
  for (const input of form.elements) {
    if (!input.name || input.type === "hidden" || input.type === "submit") continue;
    if (input.type === "radio" ? input.checked : input.value) said[input.name] = input.value;
  }
  return said;
}

function putBack(form, fields) {
  for (const input of form.elements) {
    if (!(input.name in fields)) continue;
    if (input.type === "radio") input.checked = input.value === fields[input.name];
    else if (input.type !== "hidden") input.value = fields[input.name];
  }
}

forgetSaved();
const form = document.querySelector(".ccp-visit-form");
if (form) {
  const beginning = beginningOf(form.dataset.user, form.dataset.visit, form.dataset.stop);
  const key = `${beginning}${PAGE}`;
  const loaded = JSON.stringify(fieldsOf(form));
  const [old] = keptUnder(beginning).sort((one, other) => other[1].at.localeCompare(one[1].at));
  const banner = form.querySelector("[data-kept]");
  if (old && JSON.stringify(old[1].fields) !== loaded) {
    banner.hidden = false;
    banner.querySelector("[data-put-back]").addEventListener("click", () => {
      putBack(form, old[1].fields);
      drop(old[0]);
      keep(key, { fields: fieldsOf(form) });
      banner.hidden = true;
    });
  } else if (old) {
    drop(old[0]);
  }
  form.addEventListener("input", () => {
    const fields = fieldsOf(form);
    if (JSON.stringify(fields) === loaded) drop(key);
    else keep(key, { fields });
  });
  form.addEventListener("submit", () => rememberSent(key));
}
