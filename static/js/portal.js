// The one script of a page: govuk-frontend's behaviours, then the portal's own, each bound by data-module.
// Without it every page works; with it some things are quicker.
import { initAll } from "../vendor/govuk-frontend-6.6.0/govuk-frontend.ccp.min.js";
import { forgetSaved } from "./kept_answers.js";
import { foldSectionMenu } from "./section_menu.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
document.querySelectorAll('[data-module="ccp-section-menu"]').forEach(foldSectionMenu);
forgetSaved();
