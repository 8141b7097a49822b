// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

const request = (it) =>
  new Promise((resolve, reject) => {
    it.onsuccess = () => resolve(it.result);
    it.onerror = () => reject(it.error);
  });

/** Whether an entry may have to be uploaded, perhaps again. */
export const needsFile = ({ state, canRetry }) => state !== "ready" && (state !== "failed" || canRetry);

/** How many bytes of files are copied into the browser's database in all. Other files are lost in a crash. */
const MAX_COPIED_BYTES = 512 * 1024 * 1024;

/**
 * Keeps the entries of the list, and copies of files that may have to be uploaded, in the browser. All tabs with the page
 * have the same list. If the browser refuses to store anything, the list lasts until the page is left.
 *
 * Events: `change` and `gone`, with the id of an entry that another tab has changed or removed, and `unkept` after
 * `isKept` has changed.
 */
export class Store extends EventTarget {
  /** All entries by their id. */
  entries = new Map();
  /** Whether all of the list outlives the page. */
  isKept = true;
  /** The name of this tab. */
  tab = `${Date.now()} ${Math.random()}`;

  #database;
  #channel;
  #tabs = new Set();
  #removed = new Set();
  #copied = new Map(); // sizes of copies by id
  #unsaved = new Set();
  #isFull = false;
  #persistence;

  /** Opens the store and reads all entries. */
  static async open(name) {
    const store = new Store();
    store.#channel = new BroadcastChannel(name);
    store.#channel.onmessage = ({ data }) => store.#receive(data);
    // A lock that is held as long as the tab exists. Browsers have none on plain HTTP.
    navigator.locks?.request(store.tab, () => new Promise(() => {}));
    try {
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => {
        opening.result.createObjectStore("entries", { keyPath: "id" });
        opening.result.createObjectStore("files");
      };
      store.#database = await request(opening);
      await store.#read();
    } catch {
      store.isKept = false;
    }
    return store;
  }

  async #read() {
    const transaction = this.#database.transaction(["entries", "files"]);
    const [entries, files] = await Promise.all([
      request(transaction.objectStore("entries").getAll()),
      request(transaction.objectStore("files").getAllKeys()),
    ]);
    for (const entry of entries) {
      if (!this.entries.has(entry.id) && !this.#removed.has(entry.id)) {
        this.entries.set(entry.id, entry);
      }
    }
    for (const id of files) {
      const entry = this.entries.get(id);
      if (entry && needsFile(entry)) {
        this.#copied.set(id, entry.bytes);
      } else {
        this.dropFile(id); // left by a crash
      }
    }
  }

  /** Returns the names of the tabs that have this page open. Without locks, those of the other tabs that respond. */
  async tabs() {
    if (navigator.locks) {
      return (await navigator.locks.query()).held.map(({ name }) => name);
    }
    this.#tabs.clear();
    this.#channel.postMessage({ isQuestion: true });
    await new Promise((resolve) => setTimeout(resolve, 500));
    return [...this.#tabs];
  }

  #receive({ isQuestion, tab, entry, gone }) {
    if (isQuestion) {
      this.#channel.postMessage({ tab: this.tab });
    } else if (tab) {
      this.#tabs.add(tab);
    } else if (gone) {
      this.#delete(gone); // also what this tab has stored before it heard of this
      gone.forEach((id) => this.dispatchEvent(new CustomEvent("gone", { detail: id })));
    } else if (!this.#removed.has(entry.id)) {
      this.entries.set(entry.id, Object.assign(this.entries.get(entry.id) ?? {}, entry));
      this.dispatchEvent(new CustomEvent("change", { detail: entry.id }));
    }
  }

  /** Changes the database, and returns whether that succeeded. */
  #write(names, change) {
    return new Promise((resolve) => {
      const transaction = this.#database.transaction(names, "readwrite");
      transaction.oncomplete = () => resolve(true);
      transaction.onabort = () => resolve(false); // no space, for example
      change(...names.map((name) => transaction.objectStore(name)));
      transaction.commit(); // so that leaving the page now does not undo it
    }).catch(() => false); // no database
  }

  /** Adds or replaces an entry, and saves those again that could not be saved. */
  async save(entry) {
    this.entries.set(entry.id, entry);
    this.#channel.postMessage({ entry });
    const unsaved = new Set([...this.#unsaved, entry]);
    const put = () => {
      const listed = [...unsaved].filter(({ id }) => this.entries.has(id));
      return this.#write(["entries"], (entries) => listed.forEach((it) => entries.put(it)));
    };
    const isSaved = (await put()) || ((await this.#dropFiles()) && (await put()));
    unsaved.forEach((it) => (isSaved ? this.#unsaved.delete(it) : this.#unsaved.add(it)));
    if (this.isKept !== (this.#unsaved.size === 0)) {
      this.isKept = !this.isKept;
      this.dispatchEvent(new Event("unkept"));
    }
  }

  /** Makes space for the list, which is worth more than the copies. */
  #dropFiles() {
    this.#isFull = true;
    this.#copied.clear();
    return this.#write(["files"], (files) => files.clear());
  }

  /** Removes entries and the copies of their files. */
  async remove(ids) {
    this.#channel.postMessage({ gone: ids });
    await this.#delete(ids);
  }

  #delete(ids) {
    for (const id of ids) {
      this.entries.delete(id);
      this.#removed.add(id);
      this.#copied.delete(id);
    }
    return this.#write(["entries", "files"], (...all) => all.forEach((it) => ids.forEach((id) => it.delete(id))));
  }

  /** Keeps a copy of a file, if there is space without the copies of pictures that are cancelled, failed or stored. */
  async copyFile(id, file) {
    this.#persistence ??= navigator.storage?.persist?.(); // so that the browser does not make space by forgetting the list
    let used = [...this.#copied.values()].reduce((sum, size) => sum + size, file.size);
    for (const [other, size] of this.#copied) {
      if (used > MAX_COPIED_BYTES && ["failed", "waiting"].includes(this.entries.get(other)?.state)) {
        used -= size;
        await this.dropFile(other);
      }
    }
    const hasSpace = used <= MAX_COPIED_BYTES && !this.#isFull;
    if (hasSpace && (await this.#write(["files"], (files) => files.put(file, id)))) {
      this.#copied.set(id, file.size);
    }
  }

  /** Returns the copy of a file, or undefined if there is none. */
  async file(id) {
    try {
      return await request(this.#database.transaction("files").objectStore("files").get(id));
    } catch {
      return undefined;
    }
  }

  async dropFile(id) {
    this.#copied.delete(id);
    await this.#write(["files"], (files) => files.delete(id));
  }
}
