// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { create, find, foreign } from "./elements.js";
import { Service, settings } from "./service.js";
import { text } from "./texts.js";

/** After this time without an answer, the service counts as unreachable. */
const TIMEOUT_MS = 30_000;

export const service = new Service("operate key", settings.operatorKeyRequired);

/** Returns whether the page may change something. */
export const isUnlocked = () => find("#unlock").checked;

/** Requests something that changes nothing. */
export const read = (path, timeout = TIMEOUT_MS) => service.json(path, { timeout });

/** Sends a request that changes something. */
export const change = (method, kind, body) => {
  if (!isUnlocked()) {
    throw new Error(text("readOnly"));
  }
  return service.json(`/operate/${kind}`, { method, body, timeout: TIMEOUT_MS });
};

/** Says something next to the switch, and to screen readers. */
export const announce = (message) => (find("#live").textContent = message);

/** Returns what is wrong, in a sentence. */
export const messageOf = ({ status, detail, message }) => (status === 0 ? text("unreachable") : detail || message);

/** Shows a problem next to the switch, or none. */
export const showProblem = (problem) => {
  find("#problem").hidden = !problem;
  find("#problem").replaceChildren(problem ? foreign(messageOf(problem)) : "");
};

/** Wraps a function, so that its problem is shown. */
export const attempt = (run) => async (event) => {
  event?.preventDefault();
  try {
    showProblem();
    await run();
  } catch (problem) {
    showProblem(problem);
  }
};

/** Creates a button that changes something, which is disabled until changes are allowed. */
export const action = (className, label, run) => {
  const properties = { className: `action quiet ${className}`, onclick: attempt(run), disabled: !isUnlocked() };
  return create("button", properties, label);
};

/** Asks before something that changes more than one picture. `label` names it on the button. */
export const confirmed = (label, ...sentences) =>
  new Promise((resolve) => {
    const dialog = find("#confirm");
    find("#confirm-text").textContent = sentences.filter(Boolean).join("\n");
    find("#confirm-yes").textContent = label;
    dialog.returnValue = "";
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.showModal();
  });
