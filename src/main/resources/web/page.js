// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
"use strict";

(() => {
  const { stage, bucket } = document.documentElement.dataset;
  const byId = (id) => document.getElementById(id);

  /** How many go up at once: more would only share the same line. */
  const AT_ONCE = 3;
  /** How many are listed; the oldest leave first. */
  const LISTED = 50;
  /** Seconds that the service is asked to wait for a thumbnail, and the least between two questions. */
  const WAIT = 25;
  const PAUSE = 1;
  /** How many questions may wait: a browser has six connections to a service, and uploads need some. */
  const WAITING = 2;

  const REASONS = {
    UnsupportedFormat: "This kind of picture is not supported here. Save it as JPEG or PNG (an iPhone's HEIC too), and upload that",
    CorruptImage: "The picture is broken or cut off",
    EmptyObject: "The file is empty",
    TooManyBytes: "The file is too large",
    TooManyPixels: "The picture has too many pixels",
    Timeout: "The picture takes too long to read",
    ServiceUnavailable: "The storage did not answer",
  };

  // ---- What is kept: the list in this browser, the key in this tab, for others may use the browser tomorrow ----

  const read = (storage, name) => {
    try {
      return storage.getItem(name);
    } catch {
      return null; // the browser keeps nothing
    }
  };
  const write = (storage, name, value) => {
    try {
      storage.setItem(name, value);
    } catch {
      // It is forgotten with the page.
    }
  };

  const place = `thumbnails ${stage}/${bucket}`;
  let apiKey = read(sessionStorage, "api key") ?? "";
  let kept = [];
  try {
    kept = JSON.parse(read(localStorage, place) ?? "[]").filter((entry) => typeof entry.key === "string");
  } catch {
    // Somebody else's: begin anew.
  }

  const keep = (key, name) => {
    kept = [{ key, name }, ...kept.filter((entry) => entry.key !== key)].slice(0, LISTED);
    write(localStorage, place, JSON.stringify(kept));
  };
  const forget = (key) => {
    kept = kept.filter((entry) => entry.key !== key);
    write(localStorage, place, JSON.stringify(kept));
  };

  // ---- The service ----

  const pathOf = (key) => `/${stage}/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  const headers = () => (apiKey ? { "x-api-key": apiKey } : {});

  class Refused extends Error {
    constructor(status, message) {
      super(message);
      this.status = status;
    }
  }

  /** Unless it is 2xx, throws what the service says. */
  const ask = async (path) => {
    let response;
    try {
      response = await fetch(path, { headers: headers(), cache: "no-cache" });
    } catch {
      throw new Refused(0, "The service cannot be reached");
    }
    if (!response.ok) {
      throw new Refused(response.status, explain(response.status, await response.text()));
    }
    return response;
  };

  const explain = (status, text) => {
    try {
      return JSON.parse(text).detail ?? `The service answers ${status}`;
    } catch {
      return `The service answers ${status}`;
    }
  };

  /** Uploads by XMLHttpRequest, which unlike fetch says how far it is. */
  const put = (key, file, onProgress, signal) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("PUT", pathOf(key));
      Object.entries(headers()).forEach(([name, value]) => request.setRequestHeader(name, value));
      request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      request.upload.onprogress = (event) => onProgress(event.loaded / Math.max(1, event.total));
      request.onload = () =>
        request.status === 200
          ? resolve()
          : reject(new Refused(request.status, explain(request.status, request.responseText)));
      request.onerror = () => reject(new Refused(0, "The connection broke before the picture was up"));
      request.onabort = () => reject(new Refused(-1, "Cancelled"));
      signal.addEventListener("abort", () => request.abort());
      request.send(file);
    });

  // ---- The key ----

  const waitingForKey = [];

  const keyFromUser = () => {
    byId("key-form").hidden = false;
    byId("key").focus();
    say("This service asks for an API key");
    return new Promise((resolve) => waitingForKey.push(resolve));
  };

  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    apiKey = byId("key").value.trim();
    write(sessionStorage, "api key", apiKey);
    byId("key").value = "";
    byId("key-form").hidden = true;
    waitingForKey.splice(0).forEach((resolve) => resolve());
  });

  /** Does it, and again with another key as long as the service wants one. */
  const withKey = async (work) => {
    for (;;) {
      const used = apiKey;
      try {
        return await work();
      } catch (problem) {
        if (problem.status !== 401) {
          throw problem;
        }
        if (apiKey === used) {
          await keyFromUser();
        }
      }
    }
  };

  // ---- The list ----

  let waiting = 0;

  const say = (text) => {
    byId("live").textContent = text;
  };

  const showEmptiness = () => {
    const empty = byId("list").children.length === 0;
    byId("empty").hidden = !empty;
    byId("clear").hidden = empty;
  };

  /** A picture in the list. */
  class Entry {
    constructor(name) {
      this.name = name;
      this.element = byId("entry").content.firstElementChild.cloneNode(true);
      this.find = (selector) => this.element.querySelector(selector);
      this.find("h3").textContent = name;
      this.find("progress").setAttribute("aria-label", `Upload of ${name}`);
      for (const button of this.element.querySelectorAll("button")) {
        button.setAttribute("aria-label", `${button.textContent}: ${name}`);
      }
      this.find(".remove").addEventListener("click", () => this.remove());
      this.find(".retry").addEventListener("click", () => this.onRetry());
    }

    show(kind, text, ...actions) {
      this.element.className = kind;
      this.find(".state").textContent = text;
      this.find("progress").hidden = kind !== "uploading";
      for (const action of ["cancel", "retry", "remove"]) {
        this.find(`.${action}`).hidden = !actions.includes(action);
      }
    }

    remove() {
      const next = this.element.nextElementSibling ?? this.element.previousElementSibling;
      if (this.key) {
        forget(this.key);
      }
      this.gone = true;
      this.element.remove();
      showEmptiness();
      (next?.querySelector(".remove:not([hidden])") ?? byId("files")).focus();
    }

    fail(text, ...actions) {
      this.show("failed", text, ...actions);
      say(`${this.name}: ${text}`);
    }

    /** Asks what has become of the picture; the service answers when it knows, or else after a while. */
    async status() {
      const wait = waiting < WAITING ? WAIT : 0;
      waiting += wait ? 1 : 0;
      try {
        return await withKey(async () => (await ask(`${pathOf(this.key)}?status&wait=${wait}`)).json());
      } finally {
        waiting -= wait ? 1 : 0;
      }
    }

    /** Waits for the thumbnail and shows it. */
    async follow() {
      this.onRetry = () => this.follow();
      this.show("waiting", "Waiting for the thumbnail", "remove");
      try {
        for (;;) {
          const asked = Date.now();
          const status = await this.status();
          if (this.gone) {
            return;
          }
          if (status.state === "ready") {
            await this.showThumbnail(status.thumbnail, status.renditions);
            return;
          }
          if (status.state === "failed") {
            const { reason, error } = status.failure;
            this.fail(`${REASONS[reason] ?? reason}. ${error}`, "remove");
            return;
          }
          const rest = PAUSE * 1000 - (Date.now() - asked);
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
        }
      } catch (problem) {
        const text = problem.status === 404 ? "The original is not there any more" : problem.message;
        this.fail(text, "retry", "remove");
      }
    }

    /** Shows the thumbnail, and links to the other renditions. */
    async showThumbnail(thumbnail, renditions) {
      const { width, height, bytes } = thumbnail;
      const blob = await withKey(async () => (await ask(thumbnail.href)).blob());
      const image = new Image();
      image.alt = `Thumbnail of ${this.name}`;
      image.src = URL.createObjectURL(blob);
      try {
        await image.decode();
        this.find(".picture").replaceChildren(image);
      } catch {
        this.find(".picture").textContent = "No preview"; // of a TIFF, say
      }
      this.link("Thumbnail", thumbnail.href);
      for (const [name, rendition] of Object.entries(renditions)) {
        if (rendition.href !== thumbnail.href) {
          this.link(name, rendition.href);
        }
      }
      this.link("Original", pathOf(this.key));
      this.show("ready", `${width} × ${height}, ${Math.ceil(bytes / 1000)} kB`, "remove");
      say(`The thumbnail of ${this.name} is ready`);
    }

    /** A link that also works where a key is asked for, which a browser does not send with links. */
    link(text, path) {
      const link = document.createElement("a");
      link.href = path;
      link.textContent = text;
      link.setAttribute("aria-label", `${text} of ${this.name}`);
      link.addEventListener("click", async (event) => {
        if (!apiKey) {
          return;
        }
        event.preventDefault();
        try {
          const blob = await withKey(async () => (await ask(path)).blob());
          const download = document.createElement("a");
          download.href = URL.createObjectURL(blob);
          download.download = decodeURIComponent(path.split("/").pop());
          download.click();
        } catch (problem) {
          say(problem.message);
        }
      });
      this.find(".links").append(link);
    }
  }

  // ---- Uploads ----

  const queue = [];
  let running = 0;

  /** A day's folder, something that no other upload has, and the name. */
  const newKey = (file) => {
    const random = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(16).padStart(2, "0"));
    return `${new Date().toISOString().slice(0, 10)}/${random.join("")}/${file.name}`;
  };

  const add = (file) => {
    const entry = new Entry(file.name);
    entry.onRetry = () => enqueue(entry, file);
    byId("list").prepend(entry.element);
    showEmptiness();
    enqueue(entry, file);
  };

  const enqueue = (entry, file) => {
    const abort = new AbortController();
    entry.find("progress").value = 0;
    entry.show("uploading", "Waiting to be uploaded", "cancel");
    entry.find(".cancel").onclick = () => abort.abort();
    abort.signal.addEventListener("abort", () => entry.fail("Cancelled", "retry", "remove"));
    queue.push(async () => {
      if (abort.signal.aborted) {
        return;
      }
      entry.show("uploading", "Uploading", "cancel");
      const key = newKey(file);
      const onProgress = (share) => {
        entry.find("progress").value = share;
        entry.find(".state").textContent = `Uploading, ${Math.round(share * 100)} %`;
      };
      try {
        await withKey(() => put(key, file, onProgress, abort.signal));
      } catch (problem) {
        if (!abort.signal.aborted) {
          entry.fail(problem.message, "retry", "remove");
        }
        return;
      }
      entry.key = key;
      keep(key, file.name);
      entry.follow(); // not awaited: the next can go up meanwhile
    });
    run();
  };

  const run = () => {
    while (running < AT_ONCE && queue.length > 0) {
      running++;
      queue.shift()().finally(() => {
        running--;
        run();
      });
    }
  };

  byId("files").addEventListener("change", (event) => {
    [...event.target.files].forEach(add);
    event.target.value = ""; // so that the same file can be chosen again
  });

  let depth = 0; // a drag also enters and leaves what is inside
  const drop = byId("drop");
  const marks = { dragenter: 1, dragleave: -1 };
  for (const [type, step] of Object.entries(marks)) {
    drop.addEventListener(type, () => {
      depth += step;
      drop.classList.toggle("over", depth > 0);
    });
  }
  // Anywhere else a dropped file would take the place of the page.
  for (const type of ["dragover", "drop"]) {
    document.addEventListener(type, (event) => event.preventDefault());
  }
  drop.addEventListener("drop", (event) => {
    depth = 0;
    drop.classList.remove("over");
    [...event.dataTransfer.files].forEach(add);
  });

  byId("clear").addEventListener("click", () => {
    kept.forEach((entry) => forget(entry.key));
    location.reload();
  });

  for (const { key, name } of kept) {
    const entry = new Entry(String(name));
    entry.key = key;
    byId("list").append(entry.element);
    entry.follow();
  }
  showEmptiness();
})();
