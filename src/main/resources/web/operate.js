// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { create, find, when } from "./elements.js"; // first: the texts show before the settings are there
import { attempt, isUnlocked, read, service, showProblem } from "./actions.js";
import { refresh, showSelection, showUpdated } from "./failures.js";
import { askForKey } from "./key.js";
import { showQueues } from "./overview.js";
import { showPrice } from "./reconcile.js";
import { follow, isRunning } from "./runs.js";
import { settings } from "./service.js";
import { text } from "./texts.js";

const QUEUES_MS = 10_000;
const RUN_MS = 2000;

/** How long after a redrive the failures are loaded more often, because pictures may fail again. */
const FOLLOW_MS = 60_000;

let timer;
let queuesAt = 0;
let updatedAt;
let retriedAt = 0;
let isLost = false;

const loadQueues = async () => {
  queuesAt = Date.now();
  showQueues((await read("/operate/queues")).queues);
  updatedAt = new Date().toISOString();
};

/** Refreshes what changes by itself, as long as the page is visible. */
const tick = async () => {
  clearTimeout(timer);
  if (document.hidden) {
    return;
  }
  try {
    await Promise.all([follow("redrive"), follow("reconcile")]);
    if (Date.now() - queuesAt >= QUEUES_MS) {
      await loadQueues();
      refresh(queuesAt - retriedAt < FOLLOW_MS);
    }
    if (isLost) {
      isLost = false;
      showProblem();
    }
  } catch (problem) {
    isLost = true;
    showQueues();
    showProblem(problem);
  }
  if (updatedAt) {
    find("#updated").replaceChildren(text("updated"), " ", when(updatedAt));
  }
  showUpdated();
  clearTimeout(timer);
  timer = setTimeout(tick, isRunning() ? RUN_MS : QUEUES_MS);
};

/** Enables the buttons that change something, or disables them. */
const showLock = () => {
  find("#read-only").hidden = isUnlocked();
  document.querySelectorAll(".action").forEach((button) => (button.disabled = !isUnlocked()));
  showSelection();
};

askForKey(service, () => find("#unlock").focus());
for (const [id, columns] of Object.entries({
  queues: ["queue", "waits", "inFlight", "delayed", "oldest"],
  reasons: ["amount", "reason", "action"],
  failures: ["picture", "action"],
})) {
  find(`#${id}`).tabIndex = -1;
  find(`#${id} thead tr`).append(...columns.map((column) => create("th", { scope: "col" }, text(column))));
}
find("#reason").append(...settings.reasons.map(({ name }) => create("option", { value: name }, name)));
find("#unlock").checked = false; // some browsers restore it
find("#unlock").onchange = showLock;
find("#confirm-yes").onclick = () => find("#confirm").close("yes");
find("#confirm-no").onclick = () => find("#confirm").close("no");
document.addEventListener("visibilitychange", tick);
document.addEventListener("started", tick);
document.addEventListener("retried", () => {
  retriedAt = Date.now();
  refresh(true);
});
showLock();
find("#loading").hidden = true;
find("#page").hidden = false;
refresh(true);
attempt(showPrice)();
tick();
