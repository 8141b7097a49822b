// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { action, attempt, confirmed, isUnlocked, messageOf, read } from "./actions.js";
import { create, find, foreign, showRows, since, tell, when } from "./elements.js";
import { showCounts } from "./overview.js";
import { fixOf } from "./reasons.js";
import { start } from "./runs.js";
import { number, text } from "./texts.js";

const PAGE = 50;

/** How many failures the API returns in order. */
const MAX_SHOWN = 1000;

/** The counts of all failures need a scan of the table, which takes its time. */
const TIMEOUT_MS = 180_000;

const MAX_BODY_BYTES = 65_536;

/** Least time between two refreshes. */
const REFRESH_MS = 60_000;

/** How much of the time a refresh may take, because a scan of a large table is not free. */
const REFRESH_SHARE = 1 / 20;

/** Time between two attempts while the failures cannot be loaded. */
const REPEAT_MS = 10_000;

let failures = new Map(); // those that are listed, by key
let found = 0; // number of failures that the filter selects
let filter = ""; // of the last search, which the fields may not contain any more
let listed; // the filter of those that are listed
let updatedAt; // when those that are listed were loaded
let latest = 0; // number of the last request
let isLoading = false;
let refreshAt = 0;
const firstFailedAt = new Map(); // by key, since the page was opened
const selected = new Set();

/** Retries some failures. */
const retry = async (keys) => {
  if (await start("redrive", { keys }, keys.length)) {
    keys.forEach((key) => selected.delete(key));
    showFailures();
  }
};

const retrySelected = async () => {
  const keys = [...selected];
  const question = text("confirm.selected", { count: number(keys.length) });
  if (keys.length === 1 || (await confirmed(text("retry"), question))) {
    await retry(keys);
  }
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
  const end = Math.min(found, MAX_SHOWN);
  const values = { count: number(failures.size), total: number(found) };
  showRows("#failures", list.map(failureRow));
  tell(find("#shown"), text(failures.size < found && failures.size >= MAX_SHOWN ? "shown.most" : "shown", values));
  find("#failures-more").textContent = text("more", { count: number(Math.max(0, Math.min(PAGE, end - failures.size))) });
  find("#failures-more").hidden = failures.size >= end;
  showSelection();
};

/** Enables the retry of the selected pictures, as far as they fit into one request. */
export const showSelection = () => {
  const body = new TextEncoder().encode(JSON.stringify({ keys: [...selected] }));
  const isTooLarge = body.length > MAX_BODY_BYTES;
  const button = find("#retry-selected");
  button.textContent = text(isTooLarge ? "selected.many" : "selected", { count: number(selected.size) });
  button.disabled = !isUnlocked() || selected.size === 0 || isTooLarge;
  find("#select-all").checked = selected.size > 0 && selected.size === failures.size;
};

const showDetails = ({ key, bucket, reason, error, eTag, failedAt }) => {
  const fields = { bucket, reason, fix: fixOf(reason), error, eTag, failedAt: when(failedAt) };
  const list = Object.entries(fields).flatMap(([name, value]) => [
    create("dt", {}, text(name)),
    create("dd", {}, value instanceof Node ? value : foreign(value)),
  ]);
  const copy = find("#copy");
  find("#details-key").replaceChildren(foreign(key));
  find("#details dl").replaceChildren(...list);
  copy.hidden = !navigator.clipboard; // which only secure origins have
  copy.textContent = text("copy");
  copy.onclick = () =>
    navigator.clipboard.writeText(key).then(
      () => (copy.textContent = text("copied")),
      () => (copy.textContent = text("copy.failed")),
    );
  find("#details .retry-one").hidden = !isUnlocked();
  find("#details .retry-one").onclick = attempt(async () => {
    find("#details").close();
    await retry([key]);
  });
  find("#details").showModal();
};

/** Loads the counts of all failures, and the newest ones that the filter selects. */
const load = async (length) => {
  const present = ++latest;
  const startedAt = Date.now();
  const path = `/operate/failures/summary?newest=${Math.min(MAX_SHOWN, length)}`;
  const wanted = filter;
  isLoading = true;
  try {
    const all = await read(wanted ? "/operate/failures/summary?newest=0" : path, TIMEOUT_MS);
    const filtered = wanted ? await read(path + wanted, TIMEOUT_MS) : all;
    if (present === latest) {
      show(filtered, wanted);
      showCounts(all.byReason);
      updatedAt = new Date().toISOString();
      showUpdated();
      refreshAt = Date.now() + Math.max(REFRESH_MS, (Date.now() - startedAt) / REFRESH_SHARE);
    }
  } catch (problem) {
    if (present === latest) {
      showCounts(undefined, messageOf(problem));
      tell(find("#shown"), text("shown.unknown"));
      refreshAt = Date.now() + REPEAT_MS;
    }
  } finally {
    isLoading = isLoading && present !== latest;
  }
};

/** Lists failures. Those that are selected stay, as far as they may only be older than the others. */
const show = ({ newest, total }, wanted) => {
  const kept = wanted === listed && newest.length < total ? [...failures.values()] : [];
  failures = new Map(kept.filter(({ key }) => selected.has(key)).map((failure) => [failure.key, failure]));
  for (const failure of newest) {
    failures.set(failure.key, failure);
    firstFailedAt.set(failure.key, firstFailedAt.get(failure.key) ?? failure.failedAt);
  }
  selected.forEach((key) => failures.has(key) || selected.delete(key));
  found = total;
  listed = wanted;
  showFailures();
};

/** Says how old the list and the counts are. */
export const showUpdated = () => {
  if (updatedAt) {
    find("#failures-updated").replaceChildren(text("updated"), " ", when(updatedAt));
  }
};

/** Loads the failures again if they are old, or `isUrgent`, unless somebody is reading or answering a dialog. */
export const refresh = async (isUrgent) => {
  if (!isLoading && !find("dialog[open]") && (isUrgent || Date.now() >= refreshAt)) {
    await load(Math.max(PAGE, failures.size));
  }
};

const search = () => {
  const used = ["prefix", "reason"].filter((name) => find(`#${name}`).value);
  filter = used.map((name) => `&${name}=${encodeURIComponent(find(`#${name}`).value)}`).join("");
  tell(find("#shown"), text("loading"));
  return load(PAGE);
};

const showMore = () => {
  tell(find("#shown"), text("loading"));
  return load(failures.size + PAGE);
};

const selectAll = () => {
  selected.clear();
  if (find("#select-all").checked) {
    failures.forEach((failure, key) => selected.add(key));
  }
  showFailures();
};

find("#search").onsubmit = attempt(search);
find("#reason").onchange = attempt(search);
find("#failures-more").onclick = attempt(showMore);
find("#select-all").onchange = selectAll;
find("#retry-selected").onclick = attempt(retrySelected);
find("#details-close").onclick = () => find("#details").close();
tell(find("#shown"), text("loading"));
