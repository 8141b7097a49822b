// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { faultOf, newKey, readable, sizeOf } from "./files.js";
import { isReachable, pathOf, pause, settings } from "./service.js";
import { needsFile } from "./store.js";

/** How many files are uploaded in parallel: more would only share the same bandwidth. */
const MAX_UPLOADS = 3;
/** Seconds that the service is asked to wait for a thumbnail: if nothing else is under way, and otherwise. */
const WAIT_SECONDS = 25;
const SHORT_WAIT_SECONDS = 2;
/** Minimum time between two questions about the same picture. */
const PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;
const MAX_RETRY_AFTER_SECONDS = 60;
const MAX_ATTEMPTS = 5;
/** After how many milliseconds the connection must be lost if there is no response to a question. */
const ANSWER_MS = 60_000;
/** How often tabs look for what other tabs have left, and how many failed pictures a new tab asks about again. */
const ADOPT_MS = 10_000;
const MAX_ASKED_AGAIN = 100;
/** Whether the same request can succeed later. */
const isTransient = (status) => status >= 500 || [0, 408, 425, 429].includes(status);
/** Statuses that say nothing about the request. */
const BUSY = [429, 503];
/** Reasons of failures that end when the picture is stored again or restored. */
const CURABLE = ["ObjectArchived", "ObjectNotFound"];
const NO_PROBLEM = { problem: undefined, canAsk: false, canRetry: false };

export const isUnfinished = ({ state }) => state === "queued" || state === "uploading";
export const isActive = (entry) => isUnfinished(entry) || entry.state === "waiting";
const ORDER = { uploading: 0, queued: 1, waiting: 2 };

/**
 * Uploads pictures and waits for their thumbnails. An entry has these fields:
 *
 * - `id`: a number that grows with time; `key`: of the original; `name`, `bytes`, `type`: those of the file;
 * - `width`, `height`: of the original, if the browser can display it;
 * - `state`: `queued`, `uploading`, `waiting` (stored, and the thumbnail is being made), `ready`, `failed`, or
 *   `interrupted` (the page was closed before the upload was complete);
 * - `share`: how much is uploaded, from 0 to 1;
 * - `problem`: why it is failed: a `code`, which is a reason of the service or one of `Cancelled`, `Lost` (the file can no
 *   longer be read), `Broken` (the connection breaks each time) and `Refused`, and a `detail` from the service;
 *   `canRetry`: whether another upload can help; `canAsk`: whether asking again can;
 * - `status`: what the service says about a ready picture.
 *
 * Events: `change`, `share` and `gone` with the id of an entry, and `connection` after `isPaused` has changed.
 */
export class Uploads extends EventTarget {
  /** Whether uploads wait for the connection or for a busy service. */
  isPaused = false;

  #service;
  #store;
  #files = new Map(); // of entries in this tab, by id
  #queue = [];
  #running = new Map(); // abort controllers by id
  #fresh = []; // entries to ask about, for the first time
  #asked = []; // those to ask about again, the one that was asked about first comes first
  #isAsking = false;
  #longWait; // an abort controller
  #batch = new Set();
  #attempts = new Map();
  #pauses = 0; // since the last success
  #endPause = () => {};
  #lastId = 0;

  constructor(service, store) {
    super();
    this.#service = service;
    this.#store = store;
    store.addEventListener("change", ({ detail }) => this.#dispatch("change", detail));
    store.addEventListener("gone", ({ detail }) => this.#forget(detail));
    addEventListener("online", () => this.#endPause());
  }

  /** Continues where the page was left. Uploads of other tabs stay theirs until these are closed. */
  async open() {
    await this.#adoptEarlierList();
    await this.#adoptLeft();
    setInterval(() => this.#adoptLeft(), ADOPT_MS);
    // Somebody may have repaired the service, restored the picture or retried it.
    const failed = this.list().filter(({ state, canAsk }) => state === "failed" && canAsk);
    this.#asked.push(...failed.slice(0, MAX_ASKED_AGAIN));
    this.#askNext();
  }

  /** Continues with the entries of tabs that do not exist any more. */
  async #adoptLeft() {
    const others = [...this.#store.entries.values()].filter((entry) => needsFile(entry) && !this.isOwn(entry));
    const tabs = others.length > 0 ? await this.#store.tabs() : [];
    const left = others.filter((entry) => !tabs.includes(entry.tab) && !this.isOwn(entry));
    for (const entry of left) {
      this.#set(entry, { tab: this.#store.tab, ...(isUnfinished(entry) && { state: "interrupted", share: 0 }) });
    }
    for (const entry of left) {
      const file = await this.#readFile(entry.id);
      if (entry.state !== "failed") {
        this.#asked.push(entry); // an interrupted upload is stored if only the response was lost
        this.#askNext();
      } else if (!file) {
        this.#set(entry, { canRetry: false });
      }
      if (file && this.entry(entry.id)) {
        this.#dispatch("change", entry.id); // for the preview
      }
    }
  }

  /** Returns the file of an entry or its copy, if one can be read. */
  async #readFile(id) {
    const file = (await readable(this.#files.get(id))) ?? (await readable(await this.#store.file(id)));
    this.#files.delete(id);
    if (file && this.entry(id)) {
      this.#files.set(id, file);
    }
    return file;
  }

  /** Adopts the list of the first version of this page, which had keys and names only. */
  async #adoptEarlierList() {
    try {
      const name = `thumbnails ${settings.stage}/${settings.originals}`;
      const list = JSON.parse(localStorage.getItem(name) ?? "[]").filter(({ key }) => typeof key === "string");
      await Promise.all(
        list.map(({ key, name }, index) => this.#store.save({ id: -index, key, name: String(name), state: "waiting" })),
      );
      if (this.#store.isKept) {
        localStorage.removeItem(name);
      }
    } catch {
      // The browser keeps nothing, or another program wrote this.
    }
  }

  /** Returns all entries: active ones first, then the newest. */
  list() {
    const rank = ({ state }) => ORDER[state] ?? 3;
    const order = (one, other) =>
      rank(one) - rank(other) || (isUnfinished(one) ? one.id - other.id : other.id - one.id);
    return [...this.#store.entries.values()].sort(order);
  }

  entry(id) {
    return this.#store.entries.get(id);
  }

  /** Returns the file of an entry, for a preview or another upload, if this tab has it. */
  fileOf(id) {
    return this.#files.get(id);
  }

  /** Whether this tab uploads the entry, and can cancel it. */
  isOwn({ tab }) {
    return tab === this.#store.tab;
  }

  /** Returns how many pictures were added since nothing was active, how many are done, and the share of the work. */
  summary() {
    const entries = this.#entriesOfBatch();
    const done = entries.filter((entry) => !isActive(entry)).length;
    const work = entries.reduce((sum, { state, share }) => sum + (state === "uploading" ? 0.9 * share : 0), 0);
    const uploaded = entries.filter(({ state }) => state === "waiting").length;
    return { total: entries.length, done, share: entries.length ? (done + 0.9 * uploaded + work) / entries.length : 0 };
  }

  #entriesOfBatch() {
    return [...this.#batch].map((id) => this.entry(id)).filter(Boolean);
  }

  /** Returns the entries that are lost, or have to be chosen again, if the page is left now. */
  unfinished() {
    return this.list().filter((entry) => isUnfinished(entry) && this.isOwn(entry));
  }

  interrupted() {
    return this.list().filter(({ state }) => state === "interrupted");
  }

  /** Uploads files, except those that the service would reject. */
  async add(files) {
    if (!this.#entriesOfBatch().some(isActive)) {
      this.#batch.clear();
    }
    const added = [...files].map((file) => {
      const entry = this.#entryWithout(file) ?? this.#newEntry(file);
      this.#files.set(entry.id, file);
      this.#batch.add(entry.id);
      const code = faultOf(file);
      if (code) {
        this.#save(entry, { ...NO_PROBLEM, state: "failed", problem: { code } });
      } else {
        this.#enqueue(entry);
      }
      return entry;
    });
    // Copied one after the other, so that a crash does not lose them. This must not delay the uploads.
    for (const entry of added) {
      if (this.entry(entry.id) && (isUnfinished(entry) || entry.canRetry)) {
        await this.#store.copyFile(entry.id, this.#files.get(entry.id));
        if (!this.entry(entry.id) || !needsFile(entry)) {
          await this.#store.dropFile(entry.id);
        }
      }
    }
  }

  #newEntry({ name, size, type }) {
    // Random, because another tab may add files in the same millisecond.
    this.#lastId = Math.max(this.#lastId + 1, Date.now() * 1000 + Math.floor(Math.random() * 1000));
    return { id: this.#lastId, key: newKey(name), name, bytes: size, type };
  }

  /** Returns the entry of a file that has to be chosen again. */
  #entryWithout({ name, size }) {
    return [...this.#store.entries.values()].find(
      (entry) =>
        entry.name === name &&
        entry.bytes === size &&
        (entry.state === "interrupted" || entry.problem?.code === "Lost") &&
        !this.#files.has(entry.id),
    );
  }

  #enqueue(entry) {
    this.#attempts.delete(entry.id);
    this.#batch.add(entry.id);
    this.#save(entry, { ...NO_PROBLEM, state: "queued", share: 0, tab: this.#store.tab });
    this.#queue.push(entry);
    this.#run();
  }

  cancel(id) {
    this.#running.get(id)?.abort();
    const index = this.#queue.findIndex((entry) => entry.id === id);
    if (index >= 0) {
      this.#fail(this.#queue.splice(index, 1)[0], "Cancelled", "", { canRetry: true });
    }
  }

  cancelAll() {
    this.unfinished().forEach(({ id }) => this.cancel(id));
  }

  /** Uploads again what was cancelled or interrupted, or has failed for a reason that may be gone. */
  retry(id) {
    const entry = this.entry(id);
    if (entry?.state === "interrupted" || (entry?.state === "failed" && entry.canRetry)) {
      if (entry.canAsk) {
        entry.key = newKey(entry.name); // of the old one, the service would report the old failure at first
      }
      this.#enqueue(entry);
    }
  }

  /** Requests the status of a picture again. */
  check(id) {
    const entry = this.entry(id);
    if (entry?.state === "ready" || (entry?.state === "failed" && entry.canAsk)) {
      this.#set(entry, { ...NO_PROBLEM, state: "waiting", tab: this.#store.tab });
      this.#follow(entry);
    }
  }

  /** Removes entries from the list. The pictures stay stored. */
  async remove(...ids) {
    const removed = this.#store.remove(ids); // first, so that nothing is saved when uploads are aborted
    ids.forEach((id) => this.#forget(id));
    await removed;
  }

  #forget(id) {
    this.#running.get(id)?.abort();
    this.#queue = this.#queue.filter((entry) => entry.id !== id);
    this.#files.delete(id);
    this.#batch.delete(id);
    this.#dispatch("gone", id);
  }

  #run() {
    while (this.#running.size < MAX_UPLOADS && this.#queue.length > 0 && !this.isPaused) {
      this.#upload(this.#queue.shift());
    }
  }

  async #upload(entry) {
    const { id } = entry;
    const abort = new AbortController();
    this.#running.set(id, abort);
    this.#longWait?.abort(); // the picture will need its turn
    this.#set(entry, { state: "uploading", share: 0 });
    try {
      const file = await this.#readFile(id);
      if (!file) {
        this.#fail(entry, "Lost");
        return;
      }
      Object.assign(entry, await sizeOf(file));
      if (entry.width * entry.height > settings.maxPixels) {
        this.#fail(entry, "TooManyPixels");
        return;
      }
      const onProgress = (share) => {
        entry.share = share;
        this.#dispatch("share", id);
      };
      await this.#service.put(entry.key, file, { onProgress, signal: abort.signal });
      this.#attempts.delete(id);
      this.#pauses = 0;
      this.#set(entry, { state: "waiting" });
      this.#follow(entry);
    } catch (problem) {
      await this.#failed(entry, problem, abort.signal);
    } finally {
      this.#running.delete(id);
      this.#run();
    }
  }

  async #failed(entry, { status = 0, detail = "", retryAfter = 0 }, signal) {
    // A connection that breaks although the service can be reached is counted. An outage is not.
    const isOutage = BUSY.includes(status) || (status === 0 && !(await isReachable()));
    const attempts = (this.#attempts.get(entry.id) ?? 0) + (isOutage ? 0 : 1);
    this.#attempts.set(entry.id, attempts);
    if (signal.aborted) {
      this.#fail(entry, "Cancelled", "", { canRetry: true });
    } else if (status === 413) {
      this.#fail(entry, "TooManyBytes", detail);
    } else if (!isTransient(status) || attempts >= MAX_ATTEMPTS) {
      // The service says what is wrong. Anything else on the way may decide differently the next time.
      this.#fail(entry, status ? "Refused" : "Broken", detail, { canRetry: isTransient(status) || !detail });
    } else {
      this.#set(entry, { state: "queued", share: 0 });
      this.#queue.unshift(entry);
      this.#pause(retryAfter);
    }
  }

  #fail(entry, code, detail, { canAsk = false, canRetry = false } = {}) {
    this.#set(entry, { state: "failed", problem: { code, detail }, canAsk, canRetry });
    if (!canRetry) {
      this.#store.dropFile(entry.id);
    }
  }

  /** Sends nothing until the service can be reached again, and not for a number of seconds. */
  async #pause(seconds) {
    if (this.isPaused) {
      return;
    }
    this.isPaused = true;
    this.#dispatch("connection");
    const backOff = Math.min(1000 * 2 ** this.#pauses++, MAX_PAUSE_MS);
    let ms = Math.max(1000 * Math.min(seconds, MAX_RETRY_AFTER_SECONDS), backOff);
    do {
      await Promise.race([pause(ms), new Promise((resolve) => (this.#endPause = resolve))]);
      ms = Math.min(2 * ms, MAX_PAUSE_MS);
    } while (!(await isReachable()));
    this.isPaused = false;
    this.#dispatch("connection");
    this.#run();
    this.#askNext();
  }

  #follow(entry) {
    this.#asked = this.#asked.filter((other) => other !== entry);
    this.#fresh.push(entry);
    this.#longWait?.abort();
    this.#askNext();
  }

  /** Asks about one picture after the other, because a browser has only six connections to a service. */
  async #askNext() {
    while (!this.#isAsking && !this.isPaused && this.#fresh.length + this.#asked.length > 0) {
      const entry = this.#fresh.shift() ?? this.#asked.shift();
      if (this.entry(entry.id) && !isUnfinished(entry)) {
        this.#isAsking = true;
        await this.#ask(entry).finally(() => (this.#isAsking = false));
      }
    }
  }

  /** Asks about a picture. The service waits for the thumbnail of one that is known to be stored. */
  async #ask(entry) {
    const { id, state } = entry;
    const isIdle = this.#running.size + this.#fresh.length + this.#asked.length === 0;
    const seconds = state !== "waiting" ? 0 : isIdle ? WAIT_SECONDS : SHORT_WAIT_SECONDS;
    const asked = Date.now();
    this.#longWait = seconds === WAIT_SECONDS ? new AbortController() : undefined;
    const options = { timeout: ANSWER_MS, signal: this.#longWait?.signal };
    let status;
    try {
      status = await this.#service.json(`${pathOf(entry.key)}?status&wait=${seconds}`, options);
    } catch (problem) {
      this.#notAnswered(entry, state, problem);
      return;
    }
    if (entry.state !== state) {
      return; // uploaded again meanwhile, for example
    }
    if (status.state === "ready") {
      this.#pauses = 0;
      this.#set(entry, { ...NO_PROBLEM, state: "ready", status });
      this.#files.delete(id);
      this.#store.dropFile(id);
    } else if (status.state !== "failed") {
      if (state === "waiting") {
        await pause(Math.max(0, asked + PAUSE_MS - Date.now()));
      } else {
        this.#set(entry, { ...NO_PROBLEM, state: "waiting", tab: this.#store.tab });
      }
      this.#asked.push(entry);
    } else if (state !== "failed" || entry.problem.code !== status.failure.reason) {
      const { reason, error } = status.failure;
      const known = settings.reasons.find(({ name }) => name === reason);
      const isCurable = !known?.pictureAtFault || CURABLE.includes(reason);
      this.#fail(entry, reason, error, { canAsk: isCurable, canRetry: isCurable && this.#files.has(id) });
    }
  }

  #notAnswered(entry, state, { status, detail, retryAfter }) {
    const isAborted = status === -1;
    const hasFile = this.#files.has(entry.id);
    if (isAborted || isTransient(status)) {
      this.#asked.push(entry);
      isAborted || this.#pause(retryAfter);
    } else if (entry.state !== state) {
      // Uploaded again meanwhile, for example.
    } else if (state === "waiting") {
      // S3 also answers 404 for a while if the service lacks a permission.
      const code = status === 404 ? "ObjectNotFound" : "Refused";
      this.#fail(entry, code, detail, { canAsk: true, canRetry: hasFile });
    } else if (state === "interrupted" && !hasFile) {
      this.#fail(entry, "Lost", "", { canAsk: true });
    }
  }

  /** Changes an entry, unless it was removed meanwhile. */
  #set(entry, changes) {
    if (this.entry(entry.id)) {
      this.#save(entry, changes);
    }
  }

  #save(entry, changes) {
    Object.assign(entry, changes);
    this.#store.save(entry);
    this.#dispatch("change", entry.id);
  }

  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
