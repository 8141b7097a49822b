// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { askForKey } from "./key.js";
import { Service, settings } from "./service.js";
import { ago, language, number, text, translate } from "./texts.js";

const PAGE = 50;
const QUEUES_MS = 10_000;
const RUN_MS = 2000;
const ANNOUNCE_MS = 6000;
const FOLLOW_MS = 60_000;
const OLD_SECONDS = 300;
const MAX_BODY_BYTES = 65_536;
const HIDDEN_COUNTS = ["listRequests", "tableReads"];

const $ = (selector, root = document) => root.querySelector(selector);
const service = new Service("operate key", settings.operatorKeyRequired);

let queues = [];
let counts = {}; // of failures by reason
let failures = new Map(); // those that are listed, by key
let found = 0; // number of failures that the filter selects
let cursor; // of the next page; null after the last one
let search = 0; // number of the present search
const firstFailedAt = new Map(); // by key, since the page was opened
const selected = new Set();
const runs = {}; // the last one of each kind
const started = {}; // what this page knows about the runs that it has started, by their id

/** Creates an element. Texts among its children never become HTML. */
const create = (tag, { data, ...properties } = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
};

/** Creates an element for a text that anybody can write, such as a key. Shows invisible characters as escapes. */
const foreign = (value) => {
  const escape = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const invisible = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
  return create("bdi", {}, `${value ?? text("unknown")}`.replace(invisible, escape));
};

const since = (time) => ago(Math.max(0, Date.now() - Date.parse(time)));

const when = (time) => {
  const local = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" }).format(new Date(time));
  return create("time", { dateTime: time }, `${local} (${since(time)})`);
};

const isUnlocked = () => $("#unlock").checked;

const reasonOf = (name) => settings.reasons.find((reason) => reason.name === name);

const isAtFault = (name) => reasonOf(name)?.pictureAtFault === true;

/** Returns what an operator should do about a reason. */
const fixOf = (name) => (reasonOf(name) ? text(isAtFault(name) ? "fix.picture" : `fix.${name}`) : "");

/** Says something next to the switch, and to screen readers. */
const announce = (message) => ($("#live").textContent = message);

const showProblem = (problem) => {
  const message = problem?.status === 0 ? text("unreachable") : problem?.detail || problem?.message;
  $("#problem").hidden = !problem;
  $("#problem").replaceChildren(problem ? foreign(message) : "");
};

/** Wraps a function, so that its problem is shown. */
const attempt = (run) => async (event) => {
  event?.preventDefault();
  try {
    showProblem();
    await run();
  } catch (problem) {
    showProblem(problem);
  }
};

/** Creates a button that changes something, which is disabled until changes are allowed. */
const action = (className, label, run) => {
  const properties = { className: `action quiet ${className}`, onclick: attempt(run), disabled: !isUnlocked() };
  return create("button", properties, label);
};

/** Asks before something that changes more than one picture. */
const confirmed = (...sentences) =>
  new Promise((resolve) => {
    const dialog = $("#confirm");
    $("#confirm-text").textContent = sentences.filter(Boolean).join("\n");
    dialog.returnValue = "";
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.showModal();
  });

/** Replaces the rows of a table. The focus stays on the same element of the same row, if that is still there. */
const showRows = (id, rows) => {
  const table = $(id);
  const nameOf = (row) => Object.values(row.dataset)[0];
  const focused = table.contains(document.activeElement) && document.activeElement;
  const old = focused && focused.closest("tbody tr");
  table.tBodies[0].replaceChildren(...rows);
  if (old) {
    const row = rows.find((other) => nameOf(other) === nameOf(old));
    ((row && $(`.${focused.className.split(" ").pop()}`, row)) || table).focus();
  }
};

/** Says at the top whether something is wrong. */
const showVerdict = () => {
  const queue = (name) => queues.find((other) => other.name === name) ?? {};
  const oldest = queue("events").oldestSeconds;
  let wrong = 0;
  let unusable = 0;
  Object.entries(counts).forEach(([name, count]) => (isAtFault(name) ? (unusable += count) : (wrong += count)));
  const line = (name, values, className = "notice bad") => create("li", { className }, text(name, values));
  const lines = [
    wrong > 0 && line("verdict.failures", { count: number(wrong) }),
    queue("dead").waiting > 0 && line("verdict.dead", { count: number(queue("dead").waiting) }),
    oldest > OLD_SECONDS && line("verdict.old", { time: ago(oldest * 1000) }),
    queues.some(({ problem }) => problem) && line("verdict.unknown"),
  ].filter(Boolean);
  if (lines.length === 0) {
    lines.push(line("verdict.fine", {}, "notice"));
  }
  if (unusable > 0) {
    lines.push(line("verdict.pictures", { count: number(unusable) }, "notice"));
  }
  $("#verdict").replaceChildren(...lines);
};

const queueRow = ({ name, problem, waiting, inFlight, delayed, oldestSeconds }) => {
  const known = (value, show) => (value == null ? text("unknown") : show(value));
  const cells = [waiting, inFlight, delayed].map((count) => create("td", {}, known(count, number)));
  const age = waiting === 0 ? "–" : known(oldestSeconds, (seconds) => ago(seconds * 1000));
  const title = create("th", { scope: "row" }, text(`queue.${name}`));
  if (problem) {
    title.append(create("p", { className: "bad", lang: "en" }, foreign(problem)));
  }
  const last = create("td", {}, age);
  if (name === "dead" && waiting > 0) {
    last.append(" ", action("retry-dead", text("retry"), async () => {
      if (await confirmed(text("confirm.dead", { count: number(waiting) }))) {
        await start("redrive", { source: "dead" }, waiting);
      }
    }));
  }
  return create("tr", { data: { queue: name } }, title, ...cells, last);
};

const reasonRow = ([reason, count]) => {
  const title = create("th", { scope: "row" }, foreign(reason));
  if (reasonOf(reason)) {
    const told = text("told", { words: text(`problem.${reason}`) });
    title.append(create("p", {}, fixOf(reason)), create("p", {}, told));
  }
  const retry = action("retry-reason", text("retryAll"), async () => {
    const question = text("confirm.reason", { count: number(count), reason });
    if (count === 1 || (await confirmed(question, isAtFault(reason) && text("confirm.again")))) {
      await start("redrive", { reasons: [reason] }, count);
    }
  });
  retry.ariaLabel = `${text("retryAll")}: ${reason}`;
  return create("tr", { data: { reason } }, create("td", {}, number(count)), title, create("td", {}, retry));
};

const showReasons = () => {
  const list = Object.entries(counts).sort(([one], [other]) => isAtFault(one) - isAtFault(other));
  showRows("#reasons", list.map(reasonRow));
};

const failureRow = (failure) => {
  const { key, reason, failedAt } = failure;
  const box = create("input", { type: "checkbox", className: "select", checked: selected.has(key) });
  box.onchange = () => {
    selected[box.checked ? "add" : "delete"](key);
    showSelection();
  };
  const about = create("p", {}, foreign(reason), " · ", create("time", { dateTime: failedAt }, since(failedAt)));
  if (firstFailedAt.get(key) < failedAt) {
    about.append(" · ", create("strong", { className: "bad" }, text("again")));
  }
  const details = create("button", { className: "quiet details" }, text("details"));
  details.onclick = () => showDetails(failure);
  const again = action("retry-one", text("retry"), () => retry([key]));
  box.ariaLabel = `${text("select")}: ${key}`;
  details.ariaLabel = `${text("details")}: ${key}`;
  again.ariaLabel = `${text("retry")}: ${key}`;
  const title = create("th", { scope: "row" }, foreign(key), about);
  return create("tr", { data: { key } }, create("td", {}, box), title, create("td", {}, details, " ", again));
};

const showFailures = () => {
  const list = [...failures.values()].sort((one, other) => (one.failedAt < other.failedAt ? 1 : -1));
  showRows("#failures", list.map(failureRow));
  $("#shown").textContent = text("shown", { count: number(failures.size), total: number(found) });
  $("#failures-more").textContent = text("more", { count: number(Math.min(PAGE, found - failures.size)) });
  $("#failures-more").hidden = cursor === null || failures.size >= found;
  showSelection();
};

/** Enables the retry of the selected pictures, as far as they fit into one request. */
const showSelection = () => {
  const body = new TextEncoder().encode(JSON.stringify({ keys: [...selected] }));
  const isTooLarge = body.length > MAX_BODY_BYTES;
  const button = $("#retry-selected");
  button.textContent = text(isTooLarge ? "selected.many" : "selected", { count: number(selected.size) });
  button.disabled = !isUnlocked() || selected.size === 0 || isTooLarge;
  $("#select-all").checked = selected.size > 0 && selected.size === failures.size;
};

const showDetails = ({ key, bucket, reason, error, eTag, failedAt }) => {
  const fields = { bucket, reason, fix: fixOf(reason), error, eTag, failedAt: when(failedAt) };
  const list = Object.entries(fields).flatMap(([name, value]) => [
    create("dt", {}, text(name)),
    create("dd", {}, value instanceof Node ? value : foreign(value)),
  ]);
  $("#details-key").replaceChildren(foreign(key));
  $("#details dl").replaceChildren(...list);
  $("#copy").hidden = !navigator.clipboard; // which only secure origins have
  $("#copy").textContent = text("copy");
  $("#copy").onclick = attempt(async () => {
    await navigator.clipboard.writeText(key);
    $("#copy").textContent = text("copied");
  });
  $("#details .retry-one").hidden = !isUnlocked();
  $("#details .retry-one").onclick = attempt(async () => {
    $("#details").close();
    await retry([key]);
  });
  $("#details").showModal();
};

const filter = () => {
  const used = ["prefix", "reason"].filter((name) => $(`#${name}`).value);
  return used.map((name) => `&${name}=${encodeURIComponent($(`#${name}`).value)}`).join("");
};

/** Adds failures to the list. */
const add = (added) => {
  for (const failure of added) {
    failures.set(failure.key, failure);
    firstFailedAt.set(failure.key, firstFailedAt.get(failure.key) ?? failure.failedAt);
  }
};

/** Loads the counts of all failures, and the newest ones that the filter selects. */
const loadFailures = async () => {
  const present = ++search;
  const path = `/operate/failures/summary?newest=${PAGE}`;
  const all = await service.json(path);
  const filtered = filter() ? await service.json(path + filter()) : all;
  if (present === search) {
    counts = all.byReason;
    failures = new Map();
    add(filtered.newest);
    found = filtered.total;
    cursor = undefined;
    selected.forEach((key) => failures.has(key) || selected.delete(key));
    showFailures();
    showReasons();
    showVerdict();
  }
};

/** Loads more failures. The service lists them in no order, so some of them are shown already. */
const loadMore = async () => {
  const present = search;
  const shown = failures.size;
  do {
    const page = await service.json(`/operate/failures?limit=${PAGE}${filter()}${cursor ? `&cursor=${cursor}` : ""}`);
    if (present !== search) {
      return;
    }
    cursor = page.next;
    add(page.failures);
  } while (cursor && failures.size === shown);
  showFailures();
};

/** Sends a request that changes something. */
const change = (method, kind, body) => {
  if (!isUnlocked()) {
    throw new Error(text("readOnly"));
  }
  return service.json(`/operate/${kind}`, { method, body });
};

/** Starts a repair, or shows the one that is running already. `total` is how many messages it moves, if known. */
const start = async (kind, body, total) => {
  try {
    const run = await change("POST", kind, body);
    started[run.id] = { body, total };
    showRun(kind, run);
  } catch (problem) {
    if (problem.status !== 409) {
      throw problem;
    }
    announce(text("busy"));
  }
  tick();
};

const retry = (keys) => start("redrive", { keys }, keys.length);

/** Fills in the form, so that it sends events for the gaps that a dry run has found. */
const sendEvents = (body, gaps) => {
  $("#reconcile-prefix").value = body.prefix;
  $("#reconcile-max").value = gaps;
  $("#reconcile-orphans").checked = body.deleteOrphans;
  $("#reconcile-restart").checked = false;
  $("#reconcile-form").requestSubmit();
};

/** Shows the progress or the result of a repair. */
const showRun = (kind, run) => {
  const { id, counts: of, examples, state, dryRun, position, message, startedAt, endedAt } = run;
  const { body, total } = started[id] ?? {};
  const isRunning = state === "running";
  const [first] = Object.values(of);
  const seconds = Math.max(1, (Date.parse(endedAt ?? new Date()) - Date.parse(startedAt)) / 1000);
  const title = `${text(kind)}${dryRun ? ` (${text("dryRun")})` : ""}`;
  const shownState = text(`run.${isRunning && run.cancelled ? "stopping" : state}`);
  const parts = [create("h2", {}, `${title}: ${shownState}`)];
  if (isRunning) {
    const progress = total ? { max: total, value: Math.min(first, total) } : {};
    parts.push(create("progress", { ariaLabel: text(kind), ...progress }));
  }
  const list = create("dl");
  for (const [name, count] of Object.entries(of)) {
    if ((count > 0 || name === Object.keys(of)[0]) && !HIDDEN_COUNTS.includes(name)) {
      const keys = (examples[name] ?? []).map((key) => create("li", {}, foreign(key)));
      list.append(create("dt", {}, text(`count.${name}`)));
      list.append(create("dd", { data: { count: name } }, number(count), keys.length ? create("ul", {}, ...keys) : ""));
    }
  }
  const rate = text("rate", { count: number(Math.round(first / seconds)) });
  parts.push(list, create("p", {}, rate, " · ", when(startedAt)));
  if (position && isRunning) {
    parts.push(create("p", {}, text("position"), " ", foreign(position)));
  }
  if (message) {
    parts.push(create("p", { lang: "en", className: "message" }, foreign(message)));
  }
  if (of.moved > 0 && !isRunning) {
    parts.push(create("p", {}, text("moved")));
  }
  const gaps = of.missing + of.stale + (body?.deleteOrphans ? of.orphans : 0);
  let button;
  if (isRunning) {
    button = action("cancel", text("stop"), async () => showRun(kind, await change("DELETE", kind)));
    button.id = `${kind}-cancel`;
  } else if (dryRun && body && state === "done" && gaps > 0) {
    button = action("next", text("send", { count: number(gaps) }), () => sendEvents(body, gaps));
    button.id = `${kind}-next`;
  }
  const section = $(`#${kind}`);
  const hadFocus = section.contains(document.activeElement);
  section.replaceChildren(...parts, button ?? "");
  section.hidden = false;
  section.dataset.state = state;
  if (hadFocus) {
    (button ?? section).focus();
  }
  runs[kind] = run;
};

let announcedAt = 0;
let retriedAt = 0;

/** Asks for the progress of a repair, which somebody else may have started. */
const follow = async (kind) => {
  const before = runs[kind];
  const run = await service.json(`/operate/${kind}`).catch((problem) => {
    if (problem.status !== 404) {
      throw problem;
    }
  });
  const isSame = before?.id === run?.id;
  if (before !== runs[kind] || (isSame && before?.state !== "running")) {
    return; // nothing new, or a newer answer is shown
  }
  if (!run) { // the process was restarted
    delete runs[kind];
    $(`#${kind}`).hidden = true;
    return;
  }
  showRun(kind, run);
  const hasEnded = run.state !== "running";
  if ((hasEnded && isSame) || (!hasEnded && Date.now() - announcedAt > ANNOUNCE_MS)) {
    announcedAt = Date.now();
    announce(`${$(`#${kind} h2`).textContent}, ${number(Object.values(run.counts)[0])}`);
  }
  if (hasEnded && isSame && kind === "redrive") {
    retriedAt = Date.now();
    await loadFailures();
  }
};

let timer;
let queuesAt = 0;
let isLost = false;

/** Refreshes what changes by itself, as long as the page is visible. */
const tick = async () => {
  clearTimeout(timer);
  if (document.hidden) {
    return;
  }
  try {
    await Promise.all([follow("redrive"), follow("reconcile")]);
    if (Date.now() - queuesAt >= QUEUES_MS) {
      queuesAt = Date.now();
      ({ queues } = await service.json("/operate/queues"));
      showRows("#queues", queues.map(queueRow));
      showVerdict();
      $("#updated").replaceChildren(text("updated"), " ", when(new Date().toISOString()));
      if (queuesAt - retriedAt < FOLLOW_MS) {
        await loadFailures(); // pictures that failed again come back
      }
    }
    if (isLost) {
      isLost = false;
      showProblem();
    }
  } catch (problem) {
    isLost = true;
    showProblem(problem);
  }
  clearTimeout(timer);
  timer = setTimeout(tick, Object.values(runs).some(({ state }) => state === "running") ? RUN_MS : QUEUES_MS);
};

/** Shows what a reconcile costs, and says on its button what it does. */
const showPrice = async () => {
  const max = $("#reconcile-max").value;
  $("#reconcile-start").textContent = max ? text("send.upTo", { count: number(max) }) : text("reconcile");
  const { price } = await service.json(`/operate/reconcile/price${max && `?max=${max}`}`);
  if (max === $("#reconcile-max").value) {
    $("#reconcile-price").textContent = price;
  }
};

const startReconcile = async () => {
  await showPrice();
  const max = Number($("#reconcile-max").value);
  const prefix = $("#reconcile-prefix").value;
  const deleteOrphans = $("#reconcile-orphans").checked;
  const restart = $("#reconcile-restart").checked;
  const isConfirmed =
    !max ||
    (await confirmed(
      text("confirm.reconcile", { count: number(max) }),
      prefix && `${text("prefix")}: ${prefix}`,
      deleteOrphans && text("orphans"),
      $("#reconcile-price").textContent,
    ));
  if (isConfirmed) {
    await start("reconcile", { prefix, deleteOrphans, restart, ...(max ? { max } : { dryRun: true }) });
  }
};

const retrySelected = async () => {
  const keys = [...selected];
  if (keys.length === 1 || (await confirmed(text("confirm.selected", { count: number(keys.length) })))) {
    await retry(keys);
    selected.clear();
    showFailures();
  }
};

/** Enables the buttons that change something, or disables them. */
const showLock = () => {
  $("#read-only").hidden = isUnlocked();
  document.querySelectorAll(".action").forEach((button) => (button.disabled = !isUnlocked()));
  showSelection();
};

askForKey(service, () => {});

translate(document);
for (const [id, columns] of Object.entries({
  queues: ["queue", "waits", "inFlight", "delayed", "oldest"],
  reasons: ["amount", "reason", "action"],
  failures: ["picture", "action"],
})) {
  $(`#${id}`).tabIndex = -1;
  $(`#${id} thead tr`).append(...columns.map((column) => create("th", { scope: "col" }, text(column))));
}
$("#reason").append(...settings.reasons.map(({ name }) => create("option", { value: name }, name)));
$("#unlock").checked = false; // some browsers restore it
$("#unlock").onchange = showLock;
$("#search").onsubmit = attempt(loadFailures);
$("#reason").onchange = attempt(loadFailures);
$("#failures-more").onclick = attempt(loadMore);
$("#select-all").onchange = () => {
  selected.clear();
  if ($("#select-all").checked) {
    failures.forEach((failure, key) => selected.add(key));
  }
  showFailures();
};
$("#retry-selected").onclick = attempt(retrySelected);
$("#reconcile-max").onchange = attempt(showPrice);
$("#reconcile-form").onsubmit = attempt(startReconcile);
$("#confirm-yes").onclick = () => $("#confirm").close("yes");
$("#confirm-no").onclick = () => $("#confirm").close("no");
$("#details-close").onclick = () => $("#details").close();
document.addEventListener("visibilitychange", tick);
showLock();

await attempt(async () => {
  await loadFailures();
  await showPrice();
})();
$("#page").hidden = false;
tick();
