// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { action, announce, change, read } from "./actions.js";
import { create, find, foreign, when } from "./elements.js";
import { number, text } from "./texts.js";

/** Least time between two announcements of the progress. */
const ANNOUNCE_MS = 6000;

/** Counts that only matter for the price. */
const HIDDEN_COUNTS = ["listRequests", "tableReads"];

const STARTED = "operate runs";

const shown = {}; // the last run of each kind
const counted = {}; // the first count of each of them, and when it was received
const started = {}; // what is known about the last one of each kind that this tab has started: its id, body and total
try {
  Object.assign(started, JSON.parse(sessionStorage.getItem(STARTED)));
} catch {
  // The browser keeps nothing.
}

/** Returns whether a run is under way. */
export const isRunning = () => Object.values(shown).some(({ state }) => state === "running");

const remember = (kind, values) => {
  started[kind] = values;
  try {
    sessionStorage.setItem(STARTED, JSON.stringify(started));
  } catch {
    // The next step after a dry run is forgotten with the page.
  }
};

const firstCount = ({ counts }) => Object.values(counts)[0];

const announceRun = (kind, run) => announce(`${find(`#${kind} h2`).textContent}, ${number(firstCount(run))}`);

/** Returns the present number of pictures per second. A continued run counts what the earlier one has done at first. */
const rateOf = (kind, run) => {
  const before = counted[kind];
  const now = { id: run.id, count: firstCount(run), at: Date.now() };
  counted[kind] = now;
  const seconds = before?.id === run.id && before.count > 0 ? (now.at - before.at) / 1000 : 0;
  return seconds >= 1 ? text("rate", { count: number(Math.round((now.count - before.count) / seconds)) }) : "";
};

const countList = ({ counts, examples }) => {
  const list = create("dl");
  Object.entries(counts).forEach(([name, count], index) => {
    if ((count > 0 || index === 0) && !HIDDEN_COUNTS.includes(name)) {
      const keys = (examples[name] ?? []).map((key) => create("li", {}, foreign(key)));
      const value = create("dd", { data: { count: name } }, number(count), keys.length ? create("ul", {}, ...keys) : "");
      list.append(create("div", {}, create("dt", {}, text(`count.${name}`)), value));
    }
  });
  return list;
};

/** Fills in the form, so that it sends events for the gaps that a dry run has found. */
const sendEvents = (body, gaps) => {
  find("#reconcile-prefix").value = body.prefix;
  find("#reconcile-max").value = gaps;
  find("#reconcile-orphans").checked = body.deleteOrphans;
  find("#reconcile-restart").checked = true; // the dry run began with the first key as well
  find("#reconcile-form").requestSubmit();
};

/** Creates the button for what can be done about a run. */
const runButton = (kind, { counts, dryRun, state }, body) => {
  const gaps = counts.missing + counts.stale + (body?.deleteOrphans ? counts.orphans : 0);
  if (state === "running") {
    const button = action("cancel", text("stop"), async () => showRun(kind, await change("DELETE", kind)));
    button.id = `${kind}-cancel`;
    return button;
  }
  if (dryRun && body && state === "done" && gaps > 0) {
    const button = action("next", text("send", { count: number(gaps) }), () => sendEvents(body, gaps));
    button.id = `${kind}-next`;
    return button;
  }
  return undefined;
};

/** Shows the progress or the result of a repair. */
const showRun = (kind, run) => {
  const { id, counts, state, dryRun, position, message, startedAt } = run;
  const { body, total } = started[kind]?.id === id ? started[kind] : {};
  const title = dryRun ? text("dryRun", { kind: text(kind) }) : text(kind);
  const shownState = text(`run.${state === "running" && run.cancelled ? "stopping" : state}`);
  const paragraph = (...children) => create("p", {}, ...children);
  const rate = state === "running" && rateOf(kind, run);
  const progress = create("progress", { ariaLabel: text(kind) });
  if (total) {
    Object.assign(progress, { max: total, value: Math.min(firstCount(run), total) });
  }
  const button = runButton(kind, run, body);
  const parts = [
    create("h2", {}, `${title} – ${shownState}`),
    state === "running" && progress,
    countList(run),
    paragraph(when(startedAt), rate ? ` · ${rate}` : ""),
    state === "running" && position && paragraph(text("position"), " ", foreign(position)),
    state === "lost" && paragraph(text("lost")),
    message && create("p", { lang: "en", className: "message" }, foreign(message)),
    counts.moved > 0 && state !== "running" && paragraph(text("moved")),
    state === "done" && body?.reasons && counts.moved < total && paragraph(text("expired")),
    button,
  ];
  const section = find(`#${kind}`);
  const hadFocus = section.contains(document.activeElement);
  section.replaceChildren(...parts.filter(Boolean));
  section.hidden = false;
  section.dataset.state = state;
  if (hadFocus) {
    (button ?? section).focus({ preventScroll: true });
  }
  shown[kind] = run;
};

let announcedAt = 0;

/** Asks for the progress of a repair, which somebody else may have started. */
export const follow = async (kind) => {
  const before = shown[kind];
  const run = await read(`/operate/${kind}`).catch((problem) => {
    if (problem.status !== 404) {
      throw problem;
    }
  });
  const isSame = before?.id === run?.id;
  if (before !== shown[kind] || (isSame && before?.state !== "running")) {
    return; // nothing new, or a newer answer is shown
  }
  if (!run) { // the process was restarted
    if (before.state === "running") {
      showRun(kind, { ...before, state: "lost" });
      announce(find(`#${kind} h2`).textContent);
    }
    return;
  }
  showRun(kind, run);
  const hasEnded = run.state !== "running";
  if ((hasEnded && isSame) || (!hasEnded && Date.now() - announcedAt > ANNOUNCE_MS)) {
    announcedAt = Date.now();
    announceRun(kind, run);
  }
  if (hasEnded && before && kind === "redrive") {
    document.dispatchEvent(new Event("retried"));
  }
};

/**
 * Starts a repair, or shows the one that is running already. Returns whether it was started. `total` is how many messages
 * it moves, if known.
 */
export const start = async (kind, body, total) => {
  let run;
  try {
    run = await change("POST", kind, body);
    remember(kind, { id: run.id, body, total });
    showRun(kind, run);
    announceRun(kind, run);
    if (total !== 1) {
      find(`#${kind}`).focus();
    }
  } catch (problem) {
    if (problem.status !== 409) {
      throw problem;
    }
    announce(text("busy"));
  }
  document.dispatchEvent(new Event("started"));
  return run !== undefined;
};
