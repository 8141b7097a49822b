// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

/** A request that did not succeed. */
export class Problem extends Error {
  /**
   * @param status the HTTP status; 0 if the service cannot be reached, -1 if the request was cancelled
   * @param detail what the service says about it, in English, or an empty text
   * @param retryAfter seconds after which another attempt makes sense, or 0
   */
  constructor(status, detail = "", retryAfter = 0) {
    super(detail || `HTTP status ${status}`);
    Object.assign(this, { status, detail, retryAfter });
  }

  static of(status, body, retryAfter) {
    let detail = "";
    try {
      detail = JSON.parse(body).detail ?? "";
    } catch {
      // A proxy answered instead of the service, or the service is being stopped, which says nothing about the request.
      status = status === 404 ? 503 : status;
    }
    return new Problem(status, detail, Number(retryAfter) || 0);
  }
}

const SETTINGS = "/ui/settings.json";

/** Pauses for a number of milliseconds. */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Returns whether the service answers. */
export const isReachable = () =>
  fetch(SETTINGS, { cache: "no-store", signal: AbortSignal.timeout(10_000) }).then(({ ok }) => ok, () => false);

/** After how many milliseconds without any progress a connection is given up. */
const STALLED_MS = 120_000;

/** Matches a key that can be sent in a header: printable ASCII characters. */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/** The limits, formats and names that the service is configured with. Waits until the service answers. */
export const settings = await (async () => {
  for (;;) {
    try {
      const response = await fetch(SETTINGS, { cache: "no-cache" });
      if (response.ok) {
        return await response.json();
      }
    } catch {
      // Try again: the service restarts, or the connection is lost.
    }
    await pause(2000);
  }
})();

/** Returns the path of an original. */
export const pathOf = (key) =>
  `/${settings.stage}/${settings.originals}/${key.split("/").map(encodeURIComponent).join("/")}`;

/** Sends requests with a key, and asks the user for the key when the service wants another one. */
export class Service {
  /** Called with true if a key was rejected. Has to set `key` before its promise is fulfilled. */
  onKeyNeeded = async () => {};

  #name;
  #isRequired;
  #key = "";
  #asking;

  /**
   * @param name the name under which the key is kept until the tab is closed
   * @param isRequired whether every request needs a key, so that none is sent without
   */
  constructor(name, isRequired) {
    this.#name = name;
    this.#isRequired = isRequired;
    try {
      this.#key = sessionStorage.getItem(name) ?? "";
    } catch {
      // The browser keeps nothing.
    }
  }

  get key() {
    return this.#key;
  }

  set key(key) {
    this.#key = key;
    try {
      sessionStorage.setItem(this.#name, key);
    } catch {
      // The key is forgotten when the page is left.
    }
  }

  /**
   * Returns the JSON of a response. `options` are those of `fetch`, and `timeout` in milliseconds; an object as body is
   * sent as JSON.
   */
  json(path, options) {
    return this.#fetch(path, (response) => response.json(), options);
  }

  /** Returns the bytes of a response. */
  blob(path) {
    return this.#fetch(path, (response) => response.blob(), { cache: "no-cache" });
  }

  #fetch(path, read, { body, signal, timeout, ...options } = {}) {
    const send = async (headers) => {
      if (body) {
        headers["content-type"] = "application/json";
      }
      const abort = new AbortController();
      signal?.addEventListener("abort", () => abort.abort());
      if (timeout) {
        setTimeout(() => abort.abort(), timeout);
      }
      let problem;
      try {
        const content = body && JSON.stringify(body);
        const response = await fetch(path, { ...options, headers, body: content, signal: abort.signal });
        if (response.ok) {
          return await read(response);
        }
        problem = Problem.of(response.status, await response.text(), response.headers.get("retry-after"));
      } catch {
        problem = new Problem(signal?.aborted ? -1 : 0); // also if the connection breaks in the middle of the response
      }
      throw problem;
    };
    return this.#withKey(send, signal);
  }

  /** Uploads a file. Uses XMLHttpRequest because `fetch` does not report progress, a number from 0 to 1. */
  put(key, file, { onProgress, signal }) {
    return this.#withKey(
      (headers) =>
        new Promise((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.open("PUT", pathOf(key));
          headers["content-type"] = file.type || "application/octet-stream";
          Object.entries(headers).forEach((header) => request.setRequestHeader(...header));
          let stalled;
          const watch = () => {
            clearTimeout(stalled);
            stalled = setTimeout(() => request.abort(), STALLED_MS);
          };
          request.upload.onprogress = ({ loaded, total }) => {
            watch();
            onProgress(loaded / Math.max(1, total));
          };
          request.onloadend = () => clearTimeout(stalled);
          request.onload = () =>
            request.status === 200
              ? resolve()
              : reject(Problem.of(request.status, request.responseText, request.getResponseHeader("retry-after")));
          request.onerror = () => reject(new Problem(0));
          request.onabort = () => reject(new Problem(signal.aborted ? -1 : 0));
          signal.addEventListener("abort", () => request.abort());
          watch();
          request.send(file);
        }),
      signal,
    );
  }

  /** Repeats a request with another key as long as the service rejects the key, unless it is cancelled meanwhile. */
  async #withKey(request, signal) {
    const cancelled = new Promise((resolve) => signal?.addEventListener("abort", resolve));
    for (;;) {
      if (signal?.aborted) {
        throw new Problem(-1);
      }
      const used = this.#key;
      try {
        if (used ? !HEADER_VALUE.test(used) : this.#isRequired) {
          throw new Problem(401);
        }
        return await request(used ? { "x-api-key": used } : {});
      } catch (problem) {
        if (problem.status !== 401) {
          throw problem;
        }
        if (this.#key === used) {
          this.#asking ??= this.onKeyNeeded(used !== "").finally(() => (this.#asking = undefined));
          await Promise.race([this.#asking, cancelled]);
        }
      }
    }
  }
}
