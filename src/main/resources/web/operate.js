// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { Service, settings } from "./service.js";
import { ago, language, number, text, translate } from "./texts.js";

const PAGE = 50;
const QUEUES_MS = 10_000;
const RUN_MS = 2000;
const ANNOUNCE_MS = 6000;
const FOLLOW_MS = 60_000;
const OLD_SECONDS = 300;
const MAX_BODY_BYTES = 65_536;

const $ = (selector, root = document) => root.querySelector(selector);
const service = new Service("operate key");

/** The failures that are listed, by key, and the first time that each of them was seen to fail. */
let failures = new Map();
const firstSeen = new Map();
const selected = new Set();

/** The last run of each kind, and what this page knows about those that it has started. */
const runs = {};
const started = {};
let counts = {};
let queues = [];

/** Creates an element. Children that are texts never become HTML. */
const create = (tag, properties = {}, ...children) => {
  const { data, ...others } = properties;
  const element = Object.assign(document.createElement(tag), others);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
};

/** Shows a text that anybody can write, such as a key, with its invisible characters as escapes. */
const foreign = (value) =>
  create("bdi", {}, `${value ?? text("unknown")}`.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ));

const since = (time) => ago(Math.max(0, Date.now() - Date.parse(time)));

const when = (time) => {
  const local = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" }).format(new Date(time));
  return create("time", { dateTime: time }, `${local} (${since(time)})`);
};

/** Creates a button that changes something, so that it is disabled until changes are allowed. */
const action = (className, label, onclick) =>
  create("button", { className: `action quiet ${className}`, onclick, disabled: !$("#unlock").checked }, label);

const reasonOf = (name) => settings.reasons.find((reason) => reason.name === name);

/** Returns what an operator should do about a reason. */
const fixOf = (name) => (reasonOf(name) ? text(reasonOf(name).pictureAtFault ? "fix.picture" : `fix.${name}`) : "");

/** Replaces the rows of a table, and keeps the focus on the same button of the same row. */
const showRows = (id, rows) => {
  const table = $(id);
  const focused = table.contains(document.activeElement) ? document.activeElement : undefined;
  const nameOf = (row) => Object.values(row?.dataset ?? {})[0];
  const name = nameOf(focused?.closest("tbody tr"));
  table.tBodies[0].replaceChildren(...rows);
  if (name !== undefined) {
    const row = rows.find((other) => nameOf(other) === name);
    ((row && $(`.${focused.className.split(" ").pop()}`, row)) || table).focus();
  }
};

/** Says something to screen readers and next to the switch. */
const announce = (message) => ($("#live").textContent = message);

const showProblem = (problem) => {
  $("#problem").hidden = !problem;
  $("#problem").replaceChildren(problem ? foreign(problem.detail || text(problem.status > 0 ? "broken" : "unreachable")) : "");
};

/** Calls a function, and shows its problem. */
const attempt = (run) => async (event) => {
  event?.preventDefault();
  try {
    showProblem();
    await run(event);
  } catch (problem) {
    showProblem(problem);
  }
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

const showQueues = () => {
  showRows("#queues", queues.map((queue) => {
    const { name, problem, waiting, oldestSeconds } = queue;
    const value = (count) => create("td", {}, count == null ? text("unknown") : number(count));
    const oldest = create("td", {}, waiting === 0 ? "–" : oldestSeconds == null ? text("unknown") : ago(oldestSeconds * 1000));
    if (name === "dead" && waiting > 0) {
      oldest.append(action("retry-dead", text("retry"), attempt(async () => {
        if (await confirmed(text("confirm.dead", { count: number(waiting) }))) {
          await start("redrive", { source: "dead" }, { total: waiting });
        }
      })));
    }
    const title = create("th", { scope: "row" }, text(`queue.${name}`));
    title.append(problem ? create("p", { className: "bad", lang: "en" }, foreign(problem)) : "");
    return create("tr", { data: { queue: name } }, title, value(waiting), value(queue.inFlight), value(queue.delayed), oldest);
  }));
  showVerdict();
};

/** Says at the top whether something is wrong. */
const showVerdict = () => {
  const sum = (atFault) =>
    Object.entries(counts).reduce((all, [name, count]) => all + (!!reasonOf(name)?.pictureAtFault === atFault ? count : 0), 0);
  const queue = (name) => queues.find((other) => other.name === name) ?? {};
  const wrong = [];
  const check = (name, count) => count > 0 && wrong.push(text(name, { count: number(count) }));
  check("verdict.failures", sum(false));
  check("verdict.dead", queue("dead").waiting);
  if (queues.some(({ problem }) => problem)) {
    wrong.push(text("verdict.unknown"));
  }
  if (queue("events").oldestSeconds > OLD_SECONDS) {
    wrong.push(text("verdict.old", { time: ago(queue("events").oldestSeconds * 1000) }));
  }
  const lines = wrong.map((line) => create("li", { className: "bad" }, line));
  const fine = [wrong.length === 0 && text("verdict.fine"), sum(true) > 0 && text("verdict.pictures", { count: number(sum(true)) })];
  $("#verdict").replaceChildren(...lines, ...fine.filter(Boolean).map((line) => create("li", {}, line)));
};

const showReasons = () => {
  showRows("#reasons", Object.entries(counts).map(([reason, count]) => {
    const meaning = create("th", { scope: "row" }, foreign(reason));
    if (reasonOf(reason)) {
      meaning.append(create("p", {}, fixOf(reason)), create("p", {}, text("told", { words: text(`problem.${reason}`) })));
    }
    const retry = action("retry-reason", text("retryAll"), attempt(async () => {
      const again = reasonOf(reason)?.pictureAtFault && text("confirm.again");
      if (count === 1 || (await confirmed(text("confirm.reason", { count: number(count), reason }), again))) {
        await start("redrive", { reasons: [reason] }, { total: count });
      }
    }));
    retry.setAttribute("aria-label", `${retry.textContent}: ${reason}`);
    return create("tr", { data: { reason } }, create("td", {}, number(count)), meaning, create("td", {}, retry));
  }));
};

const retry = (keys) => start("redrive", { keys }, { total: keys.length });

const showFailures = () => {
  const list = [...failures.values()].sort((one, other) => (one.failedAt < other.failedAt ? 1 : -1));
  showRows("#failures", list.map((failure) => {
    const { key, reason, failedAt } = failure;
    const box = create("input", { type: "checkbox", className: "select", checked: selected.has(key) });
    box.onchange = () => {
      selected[box.checked ? "add" : "delete"](key);
      showSelection();
    };
    const details = create("button", { className: "quiet details", onclick: () => showDetails(failure) }, text("details"));
    const again = action("retry-one", text("retry"), attempt(() => retry([key])));
    const name = create("th", { scope: "row" }, foreign(key));
    const about = create("p", {}, foreign(reason), " · ", create("time", { dateTime: failedAt }, since(failedAt)));
    name.append(about);
    if (firstSeen.get(key) < failedAt) {
      about.append(" · ", create("strong", { className: "bad" }, text("again")));
    }
    for (const [element, label] of [[box, "select"], [details, "details"], [again, "retry"]]) {
      element.setAttribute("aria-label", `${text(label)}: ${key}`);
    }
    return create("tr", { data: { key } }, create("td", {}, box), name, create("td", {}, details, " ", again));
  }));
  showSelection();
};

/** Enables the retry of the selected pictures, as far as they fit into one request. */
const showSelection = () => {
  const bytes = new TextEncoder().encode(JSON.stringify({ keys: [...selected] })).length;
  const button = $("#retry-selected");
  button.textContent = text(bytes > MAX_BODY_BYTES ? "selected.many" : "selected", { count: number(selected.size) });
  button.disabled = !$("#unlock").checked || selected.size === 0 || bytes > MAX_BODY_BYTES;
  $("#select-all").checked = selected.size > 0 && selected.size === failures.size;
};

const showDetails = (failure) => {
  const { key, bucket, reason, error, eTag, failedAt } = failure;
  const fields = { bucket, reason, fix: fixOf(reason), error, eTag, failedAt: when(failedAt) };
  $("#details-key").replaceChildren(foreign(key));
  $("#details dl").replaceChildren(...Object.entries(fields).flatMap(([name, value]) => [
    create("dt", {}, text(name)), create("dd", {}, value instanceof Node ? value : foreign(value)),
  ]));
  $("#copy").hidden = !navigator.clipboard;
  $("#copy").textContent = text("copy");
  $("#copy").onclick = attempt(async () => {
    await navigator.clipboard.writeText(key);
    $("#copy").textContent = text("copied");
  });
  $("#details .retry-one").onclick = attempt(async () => {
    $("#details").close();
    await retry([key]);
  });
  $("#details").showModal();
};

/** Adds failures to the list. */
const addFailures = (added, total) => {
  for (const failure of added) {
    failures.set(failure.key, failure);
    firstSeen.set(failure.key, firstSeen.get(failure.key) ?? failure.failedAt);
  }
  selected.forEach((key) => failures.has(key) || selected.delete(key));
  $("#shown").textContent = text("shown", { count: number(failures.size), total: number(total) });
  $("#failures-more").hidden = cursor === null || failures.size >= total;
  found = total;
  showFailures();
};

let search = 0;
let found = 0;
let cursor;

const filter = () =>
  ["prefix", "reason"].map((name) => $(`#${name}`).value && `&${name}=${encodeURIComponent($(`#${name}`).value)}`).join("");

/** Loads the counts of all failures, and the newest ones that the filter selects. */
const loadFailures = async () => {
  const present = ++search;
  const path = `/operate/failures/summary?newest=${PAGE}`;
  const all = await service.json(path);
  const filtered = filter() ? await service.json(path + filter()) : all;
  if (present === search) {
    counts = all.byReason;
    failures = new Map();
    cursor = undefined;
    addFailures(filtered.newest, filtered.total);
    showReasons();
    showVerdict();
  }
};

/** Loads more failures. The service lists them in no order, so those that are shown already come again. */
const loadMore = async () => {
  const present = search;
  const known = failures.size;
  do {
    const page = await service.json(`/operate/failures?limit=200${filter()}${cursor ? `&cursor=${cursor}` : ""}`);
    if (present !== search) {
      return;
    }
    cursor = page.next;
    addFailures(page.failures, found);
  } while (cursor && failures.size === known);
};

/** Sends a request that changes something, unless the page is read-only. */
const change = (method, kind, body) => {
  if (!$("#unlock").checked) {
    throw new Error("The page is read-only");
  }
  return service.json(`/operate/${kind}`, { method, body });
};

/** Starts a repair, or shows the one that is running already. */
const start = async (kind, body, known = {}) => {
  try {
    const run = await change("POST", kind, body);
    started[run.id] = { body, ...known };
    showRun(kind, run);
  } catch (problem) {
    if (problem.status !== 409) {
      throw problem;
    }
    announce(text("busy"));
  }
  tick();
};

/** Shows the progress or the result of a repair. */
const showRun = (kind, run) => {
  const { id, state, cancelled, position, message, startedAt, endedAt } = run;
  const { body, total } = started[id] ?? {};
  const isRunning = state === "running";
  const before = runs[kind];
  runs[kind] = run;
  const section = $(`#${kind}`);
  section.hidden = false;
  section.dataset.state = state;
  const [first] = Object.values(run.counts);
  const seconds = Math.max(1, ((endedAt ? Date.parse(endedAt) : Date.now()) - Date.parse(startedAt)) / 1000);
  const title = `${text(kind)}${run.dryRun ? ` (${text("dryRun")})` : ""}: ${text(`state.${isRunning && cancelled ? "stopping" : state}`)}`;
  const numbers = Object.entries(run.counts).filter(([, count], i) => i === 0 || count > 0);
  const progress = create("progress", { hidden: !isRunning, ariaLabel: text(kind) });
  if (total) {
    Object.assign(progress, { max: total, value: Math.min(first, total) });
  }
  const parts = [
    create("h2", {}, title),
    progress,
    create("dl", {}, ...numbers.flatMap(([name, count]) => [
      create("dt", {}, text(`count.${name}`)),
      create("dd", { data: { count: name } }, number(count), ...examples(run.examples[name])),
    ])),
    create("p", {}, text("rate", { count: number(Math.round(first / seconds)) }), " · ", when(startedAt)),
  ];
  if (position && isRunning) {
    parts.push(create("p", {}, text("position"), " ", foreign(position)));
  }
  if (message) {
    parts.push(create("p", { lang: "en", className: "message" }, foreign(message)));
  }
  if (run.counts.moved > 0 && !isRunning) {
    parts.push(create("p", {}, text("moved")));
  }
  const gaps = run.counts.missing + run.counts.stale + (body?.deleteOrphans ? run.counts.orphans : 0);
  if (isRunning) {
    parts.push(cancelButton(kind));
  } else if (run.dryRun && body && state === "done" && gaps > 0) {
    parts.push(sendButton(body, gaps));
  }
  const focused = section.contains(document.activeElement);
  section.replaceChildren(...parts);
  if (focused) {
    ($(".action", section) ?? section).focus();
  }
};

const examples = (keys = []) =>
  keys.length ? [create("ul", {}, ...keys.map((key) => create("li", {}, foreign(key))))] : [];

const cancelButton = (kind) => {
  const button = action("cancel", text("stop"), attempt(async () => showRun(kind, await change("DELETE", kind))));
  button.id = `${kind}-cancel`;
  return button;
};

/** Creates the button that fills the gaps which a dry run has found. */
const sendButton = (body, gaps) => {
  const button = action("next", text("send", { count: number(gaps) }), () => {
    $("#reconcile-prefix").value = body.prefix;
    $("#reconcile-max").value = gaps;
    $("#reconcile-orphans").checked = body.deleteOrphans;
    $("#reconcile-restart").checked = false;
    $("#reconcile-form").requestSubmit();
  });
  button.id = "reconcile-next";
  return button;
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
  if (!run || before !== runs[kind]) {
    return;
  }
  const isRunning = run.state === "running";
  const ended = before?.state === "running" && !isRunning;
  if (!before || before.id !== run.id || before.state === "running") {
    showRun(kind, run);
    if (ended || (isRunning && Date.now() - announcedAt > ANNOUNCE_MS)) {
      announcedAt = Date.now();
      announce(`${$("h2", $(`#${kind}`)).textContent}, ${number(Object.values(run.counts)[0])}`);
    }
  }
  if (ended && kind === "redrive") {
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
    await Promise.all(["redrive", "reconcile"].map(follow));
    if (Date.now() - queuesAt >= QUEUES_MS) {
      queuesAt = Date.now();
      ({ queues } = await service.json("/operate/queues"));
      showQueues();
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
  const isBusy = Object.values(runs).some(({ state }) => state === "running");
  timer = setTimeout(tick, isBusy ? RUN_MS : QUEUES_MS);
};

const reconcileMax = () => $("#reconcile-max").value;

/** Shows what a reconcile costs, and says on its button what it does. */
const showPrice = async () => {
  const max = reconcileMax();
  $("#reconcile-start").textContent = max ? text("send.upTo", { count: number(max) }) : text("look");
  if ($("#reconcile-max").checkValidity()) {
    const { price } = await service.json(`/operate/reconcile/price${max && `?max=${max}`}`);
    if (max === reconcileMax()) {
      $("#reconcile-price").textContent = price;
    }
  }
};

const startReconcile = async () => {
  await showPrice();
  const max = Number(reconcileMax());
  const prefix = $("#reconcile-prefix").value;
  const deleteOrphans = $("#reconcile-orphans").checked;
  const body = { prefix, deleteOrphans, restart: $("#reconcile-restart").checked, ...(max ? { max } : { dryRun: true }) };
  const sentences = [
    text("confirm.reconcile", { count: number(max) }),
    prefix && `${text("prefix")}: ${prefix}`,
    deleteOrphans && text("orphans"),
    $("#reconcile-price").textContent,
  ];
  if (!max || (await confirmed(...sentences))) {
    await start("reconcile", body);
  }
};

/** Enables the buttons that change something, or disables them. */
const lock = () => {
  const { checked } = $("#unlock");
  $("#read-only").hidden = checked;
  document.querySelectorAll(".action").forEach((button) => (button.disabled = !checked));
  showSelection();
};

service.onKeyNeeded = (isWrong) =>
  new Promise((resolve) => {
    const form = $("#key-form");
    form.hidden = false;
    $("#key-hint").textContent = text(isWrong ? "key.wrong" : "key.hint");
    $("#key").value = "";
    $("#key").focus();
    form.onsubmit = (event) => {
      event.preventDefault();
      service.key = $("#key").value;
      form.hidden = true;
      resolve();
    };
  });

translate(document);
for (const [id, columns] of Object.entries({
  queues: ["queue", "waiting", "inFlight", "delayed", "oldest"],
  reasons: ["count", "reason", "action"],
  failures: ["picture", "action"],
})) {
  const cells = columns.map((column) => create("th", { scope: "col" }, text(column)));
  $(`#${id}`).tabIndex = -1;
  $(`#${id} thead tr`).append(...cells);
}
$("#reason").append(...settings.reasons.map(({ name }) => create("option", { value: name }, name)));
$("#unlock").checked = false;
$("#unlock").onchange = lock;
$("#search").onsubmit = attempt(loadFailures);
$("#reason").onchange = attempt(loadFailures);
$("#failures-more").onclick = attempt(loadMore);
$("#select-all").onchange = () => {
  selected.clear();
  if ($("#select-all").checked) {
    [...failures.keys()].forEach((key) => selected.add(key));
  }
  showFailures();
};
$("#retry-selected").onclick = attempt(async () => {
  const keys = [...selected];
  if (keys.length === 1 || (await confirmed(text("confirm.selected", { count: number(keys.length) })))) {
    await retry(keys);
  }
});
$("#reconcile-max").onchange = attempt(showPrice);
$("#reconcile-form").onsubmit = attempt(startReconcile);
$("#confirm-yes").onclick = () => $("#confirm").close("yes");
$("#confirm-no").onclick = () => $("#confirm").close("no");
$("#details-close").onclick = () => $("#details").close();
document.addEventListener("visibilitychange", tick);
lock();

await attempt(async () => {
  await loadFailures();
  $("#page").hidden = false;
  await showPrice();
})();
tick();
