// On a narrow page the section navigation folds behind a button; on a wide one the button is not shown.

/** @param {HTMLElement} menu  holds a button[aria-controls] and the list it opens */
export function foldSectionMenu(menu) {
  const button = menu.querySelector("button[aria-controls]");
  if (!button) return;
  menu.classList.add("ccp-side--folding");
  button.hidden = false;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
  });
}
