// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { isReachable, pathOf, pause, Problem, settings } from "./service.js";

/** How many files are uploaded in parallel: more would only share the same bandwidth. */
const MAX_UPLOADS = 3;
/** How many requests wait for a thumbnail: a browser has six connections to a service, and uploads need some. */
const MAX_WAITS = 2;
/** Seconds that the service is asked to wait for a thumbnail: if all entries are asked about, and if others have to wait. */
const WAIT_SECONDS = 25;
const SHORT_WAIT_SECONDS = 2;
/** Minimum time between two questions about the same picture. */
const PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;
const MAX_ATTEMPTS = 5;
/** After how many milliseconds the connection must be lost if there is no response to a question. */
const ANSWER_MS = 60_000;
/** Length of the name in a key. S3 limits keys to 1024 bytes, and a character has up to four. */
const MAX_NAME_LENGTH = 200;
/** Statuses after which the same upload can succeed, and those of them that say nothing about the upload. */
const TRANSIENT = [0, 408, 429, 500, 502, 503, 504];
const BUSY = [429, 503];

const isUnfinished = ({ state }) => state === "queued" || state === "uploading";
const isActive = (entry) => isUnfinished(entry) || entry.state === "waiting";
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
  #waiting = new Set();
  #waits = 0;
  #batch = new Set();
  #isLeft = new Set(); // interrupted, and perhaps stored
  #isFinding = false;
  #attempts = new Map();
  #pauses = 0; // since the last success
  #lastId = 0;

  constructor(service, store) {
    super();
    this.#service = service;
    this.#store = store;
    store.addEventListener("change", ({ detail }) => this.#tell("change", detail));
    store.addEventListener("gone", ({ detail }) => this.#forget(detail));
  }

  /** Continues where the page was left. Uploads of other tabs stay theirs until these are closed. */
  async open() {
    await this.#adoptEarlierList();
    await this.#adoptLeft();
    document.addEventListener("visibilitychange", () => document.hidden || this.#adoptLeft());
    this.interrupted().forEach((entry) => this.#interrupted(entry));
    this.#findStored();
  }

  /** Continues with the entries of tabs that do not exist any more. */
  async #adoptLeft() {
    const tabs = await this.#store.tabs();
    const isLeft = (entry) => isActive(entry) && !this.isOwn(entry) && !tabs.includes(entry.tab);
    for (const entry of [...this.#store.entries.values()].filter(isLeft)) {
      if (entry.state === "waiting") {
        this.#set(entry, { tab: this.#store.tab });
        this.#follow(entry);
      } else {
        this.#set(entry, { state: "interrupted", share: 0 });
        this.#interrupted(entry);
      }
    }
    this.#findStored();
  }

  /** Gets the copy of the file, for a preview, and asks later whether the picture is stored. */
  async #interrupted({ id }) {
    this.#isLeft.add(this.entry(id));
    const file = await this.#store.file(id);
    if (file && this.entry(id)) {
      this.#files.set(id, file);
      this.#tell("change", id);
    }
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

  /** Continues with interrupted uploads whose last byte was received, one after the other. */
  async #findStored() {
    while (!this.#isFinding && this.#isLeft.size > 0) {
      const [entry] = this.#isLeft;
      this.#isLeft.delete(entry);
      this.#isFinding = true;
      try {
        await this.#service.json(`${pathOf(entry.key)}?status&wait=0`, { timeout: ANSWER_MS });
        if (entry.state === "interrupted") {
          this.#set(entry, { tab: this.#store.tab });
          this.#accepted(entry);
        }
      } catch {
        // It is not stored, or that is unknown. It stays interrupted.
      }
      this.#isFinding = false;
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

  /** Returns the file of an entry if this tab has it, for a preview. */
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
      // Random, because another tab may add files in the same millisecond.
      this.#lastId = Math.max(this.#lastId + 1, Date.now() * 1000 + Math.floor(Math.random() * 1000));
      const { name, size, type } = file;
      const entry = { id: this.#lastId, key: newKey(name), name, bytes: size, type, tab: this.#store.tab };
      this.#files.set(entry.id, file);
      this.#batch.add(entry.id);
      const code = faultOf(file);
      this.#save(entry, code ? { state: "failed", problem: { code } } : { state: "queued", share: 0 });
      return entry;
    });
    const accepted = added.filter(isUnfinished);
    this.#queue.push(...accepted);
    this.#run();
    // Copied one after the other, so that a crash does not lose them. This must not delay the uploads.
    for (const entry of accepted) {
      const isNeeded = () => this.entry(entry.id) && (isUnfinished(entry) || entry.canRetry);
      if (isNeeded()) {
        await this.#store.copyFile(entry.id, this.#files.get(entry.id));
        if (!isNeeded()) {
          await this.#store.dropFile(entry.id);
        }
      }
    }
  }

  cancel(id) {
    this.#running.get(id)?.abort();
    const index = this.#queue.findIndex((entry) => entry.id === id);
    if (index >= 0) {
      this.#cancelled(this.#queue.splice(index, 1)[0]);
    }
  }

  cancelAll() {
    this.unfinished().forEach(({ id }) => this.cancel(id));
  }

  #cancelled(entry) {
    this.#set(entry, { state: "failed", problem: { code: "Cancelled" }, canRetry: true });
  }

  /** Uploads again what was cancelled, interrupted or failed for a moment. */
  retry(id) {
    const entry = this.entry(id);
    if (entry?.state !== "interrupted" && !(entry?.state === "failed" && entry.canRetry)) {
      return;
    }
    this.#attempts.delete(id);
    this.#batch.add(id);
    this.#set(entry, { state: "queued", share: 0, problem: undefined, canRetry: false, tab: this.#store.tab });
    this.#queue.push(entry);
    this.#run();
  }

  /** Asks again what has become of a picture. */
  check(id) {
    const entry = this.entry(id);
    if (entry?.state === "ready" || (entry?.state === "failed" && entry.canAsk)) {
      this.#set(entry, { state: "waiting", problem: undefined, canAsk: false, tab: this.#store.tab });
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
    this.#tell("gone", id);
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
    this.#set(entry, { state: "uploading", share: 0 });
    try {
      const file = (await readable(this.#files.get(id))) ?? (await readable(await this.#store.file(id)));
      if (!file) {
        this.#fail(entry, "Lost");
        return;
      }
      this.#files.set(id, file);
      Object.assign(entry, await sizeOf(file));
      if (entry.width * entry.height > settings.maxPixels) {
        this.#fail(entry, "TooManyPixels");
        return;
      }
      const onProgress = (share) => {
        entry.share = share;
        this.#tell("share", id);
      };
      await this.#service.put(entry.key, file, { onProgress, signal: abort.signal });
      this.#accepted(entry);
    } catch (problem) {
      await this.#failed(entry, problem, abort.signal);
    } finally {
      this.#running.delete(id);
      this.#run();
    }
  }

  #accepted(entry) {
    this.#attempts.delete(entry.id);
    this.#pauses = 0;
    this.#set(entry, { state: "waiting", problem: undefined });
    this.#store.dropFile(entry.id);
    this.#follow(entry);
  }

  async #failed(entry, { status = 0, detail = "", retryAfter = 0 }, signal) {
    if (signal.aborted) {
      this.#cancelled(entry);
      return;
    }
    if (!TRANSIENT.includes(status)) {
      this.#fail(entry, status === 413 ? "TooManyBytes" : "Refused", detail);
      return;
    }
    // A connection that breaks although the service can be reached is counted. An outage is not.
    const isOutage = BUSY.includes(status) || (status === 0 && !(await isReachable()));
    if (signal.aborted) {
      this.#cancelled(entry); // meanwhile
      return;
    }
    const attempts = (this.#attempts.get(entry.id) ?? 0) + (isOutage ? 0 : 1);
    this.#attempts.set(entry.id, attempts);
    if (attempts >= MAX_ATTEMPTS) {
      this.#set(entry, { state: "failed", problem: { code: status ? "Refused" : "Broken", detail }, canRetry: true });
      return;
    }
    this.#set(entry, { state: "queued", share: 0 });
    this.#queue.unshift(entry);
    this.#pause(retryAfter);
  }

  #fail(entry, code, detail) {
    this.#set(entry, { state: "failed", problem: { code, detail } });
    this.#store.dropFile(entry.id);
  }

  /** Sends nothing until the service can be reached again, and not for a number of seconds. */
  async #pause(seconds) {
    if (this.isPaused) {
      return;
    }
    this.isPaused = true;
    this.#tell("connection");
    let ms = Math.max(seconds * 1000, Math.min(1000 * 2 ** this.#pauses++, MAX_PAUSE_MS));
    do {
      const online = new Promise((resolve) => addEventListener("online", resolve, { once: true }));
      await Promise.race([pause(ms), online]);
      ms = Math.min(2 * ms, MAX_PAUSE_MS);
    } while (!(await isReachable()));
    this.isPaused = false;
    this.#tell("connection");
    this.#run();
    this.#wait();
  }

  #follow(entry) {
    this.#waiting.add(entry);
    this.#wait();
  }

  /** Asks about one picture after the other, as many at the same time as there may be. */
  #wait() {
    while (this.#waits < MAX_WAITS && this.#waiting.size > 0 && !this.isPaused) {
      const [entry] = this.#waiting;
      this.#waiting.delete(entry);
      if (!this.entry(entry.id)) {
        continue; // removed from the list
      }
      this.#waits++;
      this.#ask(entry).finally(() => {
        this.#waits--;
        this.#wait();
      });
    }
  }

  async #ask(entry) {
    const seconds = this.#waiting.size > 0 ? SHORT_WAIT_SECONDS : WAIT_SECONDS;
    const asked = Date.now();
    let status;
    try {
      status = await this.#service.json(`${pathOf(entry.key)}?status&wait=${seconds}`, { timeout: ANSWER_MS });
    } catch (problem) {
      this.#notAnswered(entry, problem);
      return;
    }
    if (status.state === "ready") {
      this.#pauses = 0;
      this.#set(entry, { state: "ready", status });
      this.#files.delete(entry.id);
    } else if (status.state === "failed") {
      const { reason, error } = status.failure;
      const known = settings.reasons.find(({ name }) => name === reason);
      this.#set(entry, { state: "failed", problem: { code: reason, detail: error }, canAsk: !known?.pictureAtFault });
    } else {
      await pause(Math.max(0, asked + PAUSE_MS - Date.now()));
      this.#waiting.add(entry);
    }
  }

  #notAnswered(entry, { status, detail, retryAfter }) {
    if (status === 404) {
      this.#set(entry, { state: "failed", problem: { code: "ObjectNotFound" } });
    } else if (TRANSIENT.includes(status)) {
      this.#waiting.add(entry);
      this.#pause(retryAfter);
    } else {
      this.#set(entry, { state: "failed", problem: { code: "Refused", detail }, canAsk: true });
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
    this.#tell("change", entry.id);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Makes a key of the day's folder, a random folder, and the name without characters that the service rejects. */
const newKey = (name) => {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(16).padStart(2, "0"));
  const end = name.slice(-MAX_NAME_LENGTH).replace(/[\p{Cc}\p{Cs}\ufffd/\\]|^\.+$/gu, "_");
  return `${new Date().toISOString().slice(0, 10)}/${random.join("")}/${end}`;
};

/** Returns why the service would reject a file, as far as its name, type and size tell. */
const faultOf = ({ name, size, type }) => {
  const extension = /\.([^.]+)$/.exec(name)?.[1].toLowerCase();
  const matches = ({ extensions, contentTypes }) => extensions.includes(extension) || contentTypes.includes(type);
  const formats = settings.formats.filter(matches);
  if (size === 0) {
    return "EmptyObject";
  }
  if (formats.length > 0 ? !formats.some(({ available }) => available) : type !== "") {
    return "UnsupportedFormat";
  }
  return size > settings.maxBytes ? "TooManyBytes" : undefined;
};

/** Returns a file if there is one that can be read. */
const readable = (file) => file?.slice(0, 1).arrayBuffer().then(() => file, () => undefined);

/** Returns width and height of a picture that the browser can display, or undefined. */
const sizeOf = async (file) => {
  const image = new Image();
  const loaded = new Promise((resolve) => (image.onload = image.onerror = resolve));
  image.src = URL.createObjectURL(file);
  await loaded;
  URL.revokeObjectURL(image.src);
  const { naturalWidth: width, naturalHeight: height } = image;
  return width && { width, height };
};
