// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

const request = (it) =>
  new Promise((resolve, reject) => {
    it.onsuccess = () => resolve(it.result);
    it.onerror = () => reject(it.error);
  });

/** How many bytes of files are copied into the browser's database in all. Other files are lost in a crash. */
const MAX_COPIED_BYTES = 512 * 1024 * 1024;

/**
 * Keeps the entries of the list, and copies of files that are not uploaded yet, in the browser. All tabs with the page
 * have the same list. If the browser refuses to store anything, the list lasts until the page is left.
 *
 * Events: `change` and `gone`, with the id of an entry that another tab has changed or removed.
 */
export class Store extends EventTarget {
  /** All entries by their id. */
  entries = new Map();
  /** Whether the list outlives the page. */
  isKept = true;
  /** The name of this tab. */
  tab = `${Date.now()} ${Math.random()}`;

  #database;
  #channel;
  #tabs = new Set();
  #copied = new Map();

  /** Opens the store and reads all entries. */
  static async open(name) {
    const store = new Store();
    try {
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => {
        opening.result.createObjectStore("entries", { keyPath: "id" });
        opening.result.createObjectStore("files");
      };
      store.#database = await request(opening);
      for (const entry of await request(store.#objects("entries").getAll())) {
        store.entries.set(entry.id, entry);
      }
    } catch {
      store.isKept = false;
    }
    store.#channel = new BroadcastChannel(name);
    store.#channel.onmessage = ({ data }) => store.#hear(data);
    return store;
  }

  /** Returns the names of the tabs that have this page open. */
  async tabs() {
    this.#tabs.clear();
    this.#channel.postMessage({ who: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [this.tab, ...this.#tabs];
  }

  #hear({ who, tab, entry, gone }) {
    if (who) {
      this.#channel.postMessage({ tab: this.tab });
    } else if (tab) {
      this.#tabs.add(tab);
    } else if (entry) {
      this.entries.set(entry.id, Object.assign(this.entries.get(entry.id) ?? {}, entry));
      this.dispatchEvent(new CustomEvent("change", { detail: entry.id }));
    } else if (this.entries.delete(gone)) {
      this.dispatchEvent(new CustomEvent("gone", { detail: gone }));
    }
  }

  #objects(name, mode = "readonly") {
    return this.#database.transaction(name, mode).objectStore(name);
  }

  async #write(name, change) {
    try {
      await request(change(this.#objects(name, "readwrite")));
      return true;
    } catch {
      return false; // no database, or no space
    }
  }

  /** Adds or replaces an entry. */
  async save(entry) {
    this.entries.set(entry.id, entry);
    this.#channel.postMessage({ entry });
    this.isKept = (await this.#write("entries", (entries) => entries.put(entry))) && this.isKept;
  }

  /** Removes an entry and the copy of its file. */
  async remove(id) {
    this.entries.delete(id);
    this.#channel.postMessage({ gone: id });
    await this.#write("entries", (entries) => entries.delete(id));
    await this.dropFile(id);
  }

  /** Keeps a copy of a file, if there is space. */
  async copyFile(id, file) {
    const used = [...this.#copied.values()].reduce((sum, size) => sum + size, 0);
    if (used + file.size <= MAX_COPIED_BYTES) {
      this.#copied.set(id, file.size);
      await this.#write("files", (files) => files.put(file, id));
    }
  }

  /** Returns the copy of a file, or undefined if there is none. */
  async file(id) {
    try {
      return await request(this.#objects("files").get(id));
    } catch {
      return undefined;
    }
  }

  async dropFile(id) {
    this.#copied.delete(id);
    await this.#write("files", (files) => files.delete(id));
  }
}
