// Saves answers while they are typed, says what became of them, and keeps on this device what was not saved yet.
// The request goes out by htmx (the attributes of the form); without this script the form saves by its button.
import { beginningOf, drop, forgetSaved, keep, keptUnder, lastSent, rememberSent } from "./kept_answers.js";

const QUIET = 1000; // ms without a key pressed
const AGAIN = [3000, 10000, 30000]; // ms until the next try when the portal cannot be reached
const PATIENCE = 5000; // ms that a button waits for a save under way
const FIELDS = ["choice", "not_applicable", "text", "language"];
const PAGE = Math.random().toString(36).slice(2);
let leaving = false;

/** What the form says now, or with `asLoaded` what the page came with. */
function fieldsOf(form, asLoaded = false) {
  const said = {};
  for (const input of form.elements) {
    if (!FIELDS.includes(input.name)) continue;
    if (input.type === "radio" || input.type === "checkbox") {
      if (asLoaded ? input.defaultChecked : input.checked) said[input.name] = input.value;
    } else if (input.type === "select-one") {
      const loaded = [...input.options].find((option) => option.defaultSelected) ?? input.options[0];
      said[input.name] = asLoaded ? loaded.value : input.value;
    } else {
      said[input.name] = (asLoaded ? input.defaultValue : input.value).replaceAll("\r\n", "\n");
    }
  }
  return said;
}

/** The portal cuts blanks at both ends of a text: those make no difference. Nor does a language that one does not name,
 * or in which nothing is said. */
function same(one, other) {
  const equal = (name) => (one[name] ?? "").trim() === (other[name] ?? "").trim();
  if (!["choice", "not_applicable", "text"].every(equal)) return false;
  return equal("language") || !one.language || !other.language || !(one.choice || one.not_applicable || one.text?.trim());
}

class Answer {
  constructor(form) {
    this.form = form;
    const { user, assessment, question } = form.dataset;
    this.beginning = beginningOf(user, assessment, question);
    this.key = `${this.beginning}${this.version}/${PAGE}`;
    this.saved = "unsaved" in form.dataset ? null : fieldsOf(form, true);
    this.sending = null; // what is on its way
    this.tried = null; // what was sent, and no answer came: first of all it is sent again as it was
    this.failures = 0;
    this.stopped = false; // a conflict, a lock, signed out: only the person can go on
    this.announced = "";
    form.addEventListener("input", (event) => this.typed(event, QUIET));
    form.addEventListener("change", (event) => this.typed(event, 0));
    form.addEventListener("submit", (event) => this.byButton(event));
    form.addEventListener("htmx:configRequest", (event) => this.address(event));
    form.addEventListener("htmx:afterRequest", (event) => this.answered(event));
  }

  get version() {
    return this.form.elements.version.value;
  }

  get state() {
    return document.getElementById(`answer-${this.form.dataset.question}-state`);
  }

  get isChanged() {
    return this.saved === null || !same(this.saved, fieldsOf(this.form));
  }

  typed(event, wait) {
    if (!FIELDS.includes(event.target.name)) return;
    this.keep();
    if (this.stopped) return;
    if (this.isChanged && this.state.dataset.state !== "kept") this.show("typing");
    this.saveIn(this.failures ? Math.max(wait, QUIET) : wait);
  }

  saveIn(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  save() {
    if (this.sending || this.stopped || leaving) return;
    const fields = fieldsOf(this.form);
    if (!this.tried && this.saved && same(this.saved, fields)) {
      this.forget();
      if (this.state.dataset.state === "typing") this.hide();
      return;
    }
    this.sending = this.tried ?? { ...fields, version: this.version };
    this.tried = null;
    this.keep();
    this.form.dispatchEvent(new CustomEvent("ccp:autosave"));
  }

  address(event) {
    const token = this.form.elements.csrfmiddlewaretoken.value;
    event.detail.parameters = { ...this.sending, csrfmiddlewaretoken: token };
  }

  answered(event) {
    const { status } = event.detail.xhr;
    const sent = this.sending;
    this.sending = null;
    if (status === 200) this.accepted(sent);
    else if (status === 409) this.stop();
    else if (status === 422) this.announce();
    else if (status === 401 || status === 403) this.signedOut();
    else this.unreachable(sent);
    this.afterwards?.();
  }

  accepted(sent) {
    this.failures = 0;
    this.saved = sent;
    const before = this.key;
    this.key = `${this.beginning}${this.version}/${PAGE}`;
    if (before !== this.key) drop(before);
    this.announce();
    const opens = this.form.querySelector("[data-opens]");
    if (opens && (sent.choice ?? "") !== (fieldsOf(this.form, true).choice ?? "")) opens.hidden = false;
    if (!this.isChanged) return this.forget();
    this.keep();
    this.saveIn(QUIET);
  }

  stop() {
    this.stopped = true;
    this.announce();
  }

  signedOut() {
    this.stopped = true; // the form belongs to a sign-in that is over: the page has to come again
    this.show("signed-out");
    const link = this.state.querySelector("a");
    link.href = this.form.dataset.signIn;
    link.addEventListener("click", () => (leaving = true));
    this.announce();
  }

  unreachable(sent) {
    this.tried = sent;
    this.keep();
    this.show("kept");
    this.announce();
    this.saveIn(AGAIN[Math.min(this.failures++, AGAIN.length - 1)]);
  }

  /** By its button the form goes as it always does, once a save under way has come back with its version. */
  byButton(event) {
    clearTimeout(this.timer);
    if (this.sending && !this.waited) {
      event.preventDefault();
      this.waited = true;
      const { submitter } = event;
      const go = () => {
        clearTimeout(patience);
        this.afterwards = null;
        setTimeout(() => this.form.requestSubmit(submitter));
      };
      const patience = setTimeout(go, PATIENCE);
      this.afterwards = go;
      return;
    }
    if (this.isChanged) {
      this.keep();
      rememberSent(this.key);
    }
    leaving = true;
  }

  // --- on this device ---

  keep() {
    keep(this.key, { fields: fieldsOf(this.form), base: this.version, tried: this.tried ?? this.sending });
  }

  forget() {
    drop(this.key);
  }

  /** What was kept from before: dropped silently where the portal has it, else offered. */
  offerKept() {
    for (const [key, entry] of keptUnder(this.beginning)) {
      const refused = this.saved === null && same(entry.fields, fieldsOf(this.form));
      const dropped = key === lastSent() && "dropSent" in this.form.dataset;
      if (dropped || refused || (this.saved && same(entry.fields, this.saved))) {
        drop(key);
        continue;
      }
      // It was sent before and accepted, only the answer got lost: what was typed afterwards continues from there.
      if (this.saved && entry.tried && same(entry.tried, this.saved)) entry.base = this.version;
      this.offer(key, entry);
    }
    if (this.saved === null) this.keep();
  }

  offer(key, entry) {
    const words = document.getElementById("answer-words").content.querySelector(".ccp-kept").cloneNode(true);
    const locale = document.documentElement.lang || "en-GB";
    words.querySelector("[data-when]").textContent = new Date(entry.at).toLocaleString(locale, {
      dateStyle: "long",
      timeStyle: "short",
    });
    words.querySelector("[data-text]").textContent = entry.fields.text ?? "";
    words.querySelector("[data-choice]").textContent = this.labelOf(entry.fields);
    words.querySelector("[data-use]").addEventListener("click", () => {
      words.remove();
      this.use(entry);
      drop(key);
    });
    words.querySelector("[data-drop]").addEventListener("click", () => {
      words.remove();
      drop(key);
      this.form.querySelector("textarea")?.focus();
    });
    this.form.prepend(words);
  }

  labelOf(fields) {
    const chosen = [...this.form.elements].find(
      (input) => (input.name === "choice" || input.name === "not_applicable") && fields[input.name] === input.value,
    );
    return chosen?.labels?.[0]?.textContent.trim() ?? "";
  }

  /** The kept text into the form, over the version that it was typed over: a newer one shows as a conflict. */
  use(entry) {
    for (const input of this.form.elements) {
      if (!FIELDS.includes(input.name)) continue;
      const value = entry.fields[input.name];
      if (input.type === "radio" || input.type === "checkbox") input.checked = value === input.value;
      else if (input.type !== "select-one") input.value = value ?? "";
      else if (value) input.value = value;
    }
    this.form.elements.version.value = entry.base;
    this.keep();
    this.form.querySelector("textarea")?.focus();
    this.save();
  }

  // --- in words ---

  show(name) {
    const words = document.getElementById("answer-words").content.querySelector(`[data-state="${name}"]`);
    const shown = words.cloneNode(true);
    shown.id = this.state.id;
    this.state.replaceWith(shown);
  }

  hide() {
    this.state.hidden = true;
    this.state.dataset.state = "";
    this.state.textContent = "";
  }

  /** Said once, politely: not again while it stays so. */
  announce() {
    const { state } = this.state.dataset;
    if (state === this.announced) return;
    this.announced = state;
    document.getElementById("answer-news").textContent = this.state.textContent.trim();
  }
}

const answers = [...document.querySelectorAll('form[data-module="ccp-answer"]')].map((form) => new Answer(form));
forgetSaved();
for (const answer of answers) answer.offerKept();

window.addEventListener("online", () => answers.forEach((answer) => answer.tried && answer.save()));
window.addEventListener("pageshow", () => (leaving = false));
window.addEventListener("beforeunload", (event) => {
  const unsaved = answers.some((answer) => (answer.saved === null ? answer.stopped : answer.isChanged));
  if (!leaving && unsaved) event.preventDefault();
});
