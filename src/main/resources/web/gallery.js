// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { pathOf, pause, settings } from "./service.js";
import { bytes, number, problemText, text, translate } from "./texts.js";

/** How many more cards are shown at a time. */
const PAGE = 48;
/** Time after which a thumbnail is requested again if the service or the connection fails. */
const RETRY_MS = 3000;
/** Maximum width and height in pixels of the local previews. */
const PREVIEW = { width: 480, height: 360 };
/** Content types that all browsers display. */
const DISPLAYABLE = /^image\/(jpeg|png|gif|webp|bmp|avif)$/;
/** What is drawn in the circle on a picture that is not ready. */
const SIGNS = {
  queued: "M12 7v5l3 2",
  uploading: "M12 17V7M8 11l4-4 4 4",
  waiting: "",
  failed: "M12 6.5V13M12 16.5v.5",
  cancelled: "M9 9l6 6M15 9l-6 6",
  interrupted: "M9.5 8v8M14.5 8v8",
};

export const byId = (id) => document.getElementById(id);
const percent = (value) => number(value, { style: "percent" });
const formatOf = (name) => /\.(\w{2,4})$/.exec(name)?.[1].toUpperCase() ?? "";

/** Returns the renditions of a ready picture by name, the main one first. */
const renditionsOf = ({ status: { thumbnail, renditions = {} } }) => {
  const [name = "thumbnail"] = Object.entries(renditions).find(([, { href }]) => href === thumbnail.href) ?? [];
  return { [name]: thumbnail, ...renditions };
};
const titleOf = (rendition) => (rendition === "thumbnail" || rendition === "original" ? text(rendition) : rendition);

const pixels = ({ width, height }) => (width ? `${width} × ${height}` : "");
/** Returns the saving, rounded down: nothing is saved entirely. */
const saving = (entry, { bytes: size }) =>
  size < entry.bytes ? `−${percent(Math.floor(100 - (100 * size) / entry.bytes) / 100)}` : "";
const spans = (facts) =>
  facts.flatMap((textContent) => [Object.assign(document.createElement("span"), { textContent }), " "]);
/** Returns an image that cannot be dragged, because the page would take it for a file to upload. */
const newImage = (alt, src = "") => Object.assign(new Image(), { alt, src, draggable: false });
const fromTo = (from, to) => (from ? `${from} → ${to}` : to);

const formatsOf = ({ name, type }) => {
  const extension = /[^.]*$/.exec(name)[0].toLowerCase();
  return settings.formats.filter((it) => it.extensions.includes(extension) || it.contentTypes.includes(type));
};

/** Returns what is wrong with an entry, in a person's words, with the limit that it exceeds. */
export const problemOf = (entry) => {
  const { code } = entry.problem;
  const isHeic = formatsOf(entry).some(({ name, available }) => name === "HEIC" && !available);
  if (isHeic && code === "UnsupportedFormat") {
    return problemText({ code: "Heic" });
  }
  const limits = {
    TooManyBytes: text("limit.bytes", { limit: bytes(settings.maxBytes) }),
    TooManyPixels: text("limit.pixels", { limit: number(settings.maxPixels, { notation: "compact" }) }),
  };
  return [problemText({ code }), limits[code]].filter(Boolean).join(" ");
};

/** Returns a function that runs tasks one after the other. */
const queue = () => {
  let last = Promise.resolve();
  return (task) => (last = last.then(task));
};

/** Downloads what a link leads to if a key is needed, because browsers do not send keys with links. */
const open = async (event, service, onProblem) => {
  const { href } = event.currentTarget;
  if (!service.key) {
    return;
  }
  event.preventDefault();
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await service.blob(href));
    link.download = decodeURIComponent(href.split("/").pop());
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (problem) {
    onProblem(problem);
  }
};

/** An entry on the page. */
class Card {
  /** Whether the card is in the viewport or close to it. */
  isNear = false;
  /** Whether the thumbnail is no longer stored. */
  isGone = false;
  #gallery;
  #picture; // an image or a canvas
  #wanted; // has the file or the status that the picture is of, or will be

  constructor(gallery, entry) {
    this.#gallery = gallery;
    this.id = entry.id;
    this.element = byId("card").content.firstElementChild.cloneNode(true);
    const { name } = entry;
    translate(this.element);
    Object.assign(this.element.dataset, { id: entry.id, name });
    this.find("h3").textContent = this.find("h3").title = name;
    this.find("progress").ariaLabel = text("uploading.of", { name });
    for (const button of this.element.querySelectorAll("button")) {
      const action = button.ariaLabel ?? button.textContent.trim();
      button.ariaLabel = action ? `${action}: ${name}` : text("view", { name });
    }
    this.find(".format").textContent = formatOf(name);
    this.find(".remove").title = text("remove");
    this.update(entry);
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  /** Shows the state of the entry. */
  update(entry) {
    const { state, problem, canRetry, canAsk } = entry;
    const isCancelled = problem?.code === "Cancelled";
    this.element.className = `card ${state}${isCancelled ? " cancelled" : ""}`;
    this.isGone &&= state === "ready";
    const isUnfinished = state === "queued" || state === "uploading";
    const visible = {
      ".cancel": isUnfinished && this.#gallery.uploads.isOwn(entry),
      ".retry": canRetry || state === "interrupted",
      ".check": canAsk || this.isGone,
      ".remove": !isUnfinished,
      "progress": state === "uploading",
      "details": problem?.detail,
    };
    Object.entries(visible).forEach(([selector, isVisible]) => (this.find(selector).hidden = !isVisible));
    this.find("details p").textContent = problem?.detail ?? "";
    this.find(".sign path").setAttribute("d", SIGNS[isCancelled ? "cancelled" : state] ?? "");
    this.find(".picture").disabled = state !== "ready";
    this.find(".state").textContent = problem ? problemOf(entry) : text(`state.${state}`);
    if (state === "uploading") {
      this.share(entry);
    } else if (state === "ready") {
      this.#ready(entry);
    }
    this.preview(entry);
  }

  /** Shows how much is uploaded. */
  share({ share }) {
    this.find("progress").value = share;
    this.find(".state").textContent = `${text("state.uploading")} ${percent(share)}`;
  }

  #ready(entry) {
    const { thumbnail } = entry.status;
    const facts = [
      fromTo(pixels(entry), pixels(thumbnail)),
      fromTo(entry.bytes && bytes(entry.bytes), bytes(thumbnail.bytes)),
      saving(entry, thumbnail),
    ];
    this.find(".state").replaceChildren(...(this.isGone ? [text("gone")] : spans(facts)));
    const links = Object.entries(renditionsOf(entry)).map(([name, { href }]) => this.#link(name, href));
    links.push(this.#link("original", pathOf(entry.key)));
    this.find(".renditions").replaceChildren(...links);
  }

  #link(rendition, href) {
    const link = Object.assign(document.createElement("a"), { href, target: "_blank", textContent: titleOf(rendition) });
    link.ariaLabel = `${link.textContent}: ${this.element.dataset.name}`;
    if (rendition === "original") {
      link.className = "original";
    } else {
      link.dataset.rendition = rendition;
    }
    link.onclick = (event) => open(event, this.#gallery.service, this.#gallery.onProblem);
    return link;
  }

  /** Shows a picture as long as the card is near the viewport: of the file, and then the thumbnail. */
  preview(entry) {
    const isReady = entry.state === "ready";
    const source = isReady ? entry.status : this.#gallery.uploads.fileOf(entry.id);
    if (!this.isNear) {
      this.close();
    } else if (source && source !== this.#wanted?.source) {
      const wanted = { source };
      const isWanted = () => this.#wanted === wanted;
      this.#wanted = wanted;
      if (isReady) {
        this.#gallery.fetch(() => isWanted() && this.#fetch(entry, isWanted));
      } else {
        this.#gallery.draw(() => isWanted() && this.#draw(source, isWanted));
      }
    }
  }

  /** Shows the smallest rendition that fills the card, or else the largest one. */
  async #fetch(entry, isWanted) {
    const { clientWidth, clientHeight } = this.find(".picture");
    const fills = ({ width, height }) =>
      width >= clientWidth * devicePixelRatio || height >= clientHeight * devicePixelRatio;
    const displayable = Object.values(renditionsOf(entry))
      .filter(({ contentType }) => DISPLAYABLE.test(contentType))
      .sort((one, other) => one.width * one.height - other.width * other.height);
    const rendition = displayable.find(fills) ?? displayable.at(-1);
    try {
      const blob = rendition && (await this.#gallery.service.blob(rendition.href));
      if (blob && isWanted()) {
        const image = newImage(text("thumbnail.of", { name: entry.name }), URL.createObjectURL(blob));
        image.onload = () => (isWanted() ? this.#show(image) : URL.revokeObjectURL(image.src));
        image.onerror = () => URL.revokeObjectURL(image.src);
      }
    } catch ({ status }) {
      if (status === 404) {
        this.isGone = true;
        this.#gallery.changed(this.id);
        return;
      }
      await pause(RETRY_MS); // the other thumbnails wait, too: they would fail as well
      if (isWanted()) {
        this.#wanted = undefined;
        this.#gallery.changed(this.id);
      }
    }
  }

  /** Shows a file in small, so that a list of large files does not need the memory of all their pixels. */
  async #draw(file, isWanted) {
    const image = newImage("", URL.createObjectURL(file));
    await new Promise((resolve) => (image.onload = image.onerror = resolve)); // tells the size, without the pixels
    URL.revokeObjectURL(image.src);
    const { naturalWidth, naturalHeight } = image;
    const scale = Math.min(1, PREVIEW.width / naturalWidth, PREVIEW.height / naturalHeight);
    const width = Math.max(1, Math.round(scale * naturalWidth));
    const height = Math.max(1, Math.round(scale * naturalHeight));
    const resized = { resizeWidth: width, resizeHeight: height, resizeQuality: "medium" };
    const bitmap = naturalWidth > 0 && (await createImageBitmap(file, resized).catch(() => undefined));
    if (bitmap && isWanted()) {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      this.#show(canvas);
      bitmap.close();
    }
  }

  #show(picture) {
    this.#release();
    this.#picture = picture;
    this.find(".picture").prepend(picture);
  }

  #release() {
    URL.revokeObjectURL(this.#picture?.src);
    this.#picture?.remove();
    this.#picture = undefined;
  }

  /** Releases the picture. */
  close() {
    this.#wanted = undefined;
    this.#release();
  }
}

/** Shows the entries as cards, and a ready one in large. */
export class Gallery {
  #list = byId("list");
  #cards = new Map();
  #changed = new Set(); // ids of entries
  #limit = PAGE;
  #isScheduled = false;
  /** Runs tasks that fetch a picture: a browser has six connections to a service, and uploads need some. */
  fetch = queue();
  /** Runs tasks that decode a picture: each needs memory for all its pixels. */
  draw = queue();

  /** @param onProblem called with the problem if a download fails */
  constructor(uploads, service, onProblem) {
    Object.assign(this, { uploads, service, onProblem });
    this.observer = new IntersectionObserver((seen) => this.#see(seen), { rootMargin: "50%" });
    this.viewer = new Viewer(this);
    uploads.addEventListener("change", ({ detail }) => this.changed(detail));
    uploads.addEventListener("gone", ({ detail }) => this.changed(detail));
    uploads.addEventListener("share", ({ detail }) => this.#cards.get(detail)?.share(uploads.entry(detail)));
    this.#list.addEventListener("click", ({ target }) => this.#click(target.closest("button")));
    byId("filter").addEventListener("change", () => this.changed());
    byId("more").addEventListener("click", () => {
      const next = this.#list.children.length;
      this.#limit += PAGE;
      this.#render();
      this.#list.children[next]?.querySelector("button:enabled:not([hidden])")?.focus();
    });
    this.#render();
  }

  /** Does what the first class of a button says. */
  #click(button) {
    const id = Number(button?.closest("li").dataset.id);
    const action = button?.classList[0];
    if (action === "picture") {
      this.viewer.show(id);
    } else if (action) {
      this.uploads[action](id);
    }
  }

  /** Shows a changed entry with the next frame. */
  changed(id) {
    this.#changed.add(id);
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      requestAnimationFrame(() => this.#render());
    }
  }

  /** Brings the cards in line with the entries. Moves only those that have changed, and passes on the focus. */
  #render() {
    this.#isScheduled = false;
    const all = this.uploads.list();
    const filtered = byId("filter").value === "all" ? all : all.filter(({ state }) => state === "failed");
    const entries = filtered.slice(0, this.#limit);
    const focused = document.activeElement;
    const place = [...this.#list.children].indexOf(focused.closest("#list > li"));

    const ids = new Set(entries.map(({ id }) => id));
    for (const [id, card] of this.#cards) {
      if (!ids.has(id)) {
        this.observer.unobserve(card.element);
        card.isNear = false;
        card.close();
        card.element.remove();
        this.#cards.delete(id);
      } else if (this.#changed.has(id)) {
        card.update(this.uploads.entry(id));
      }
    }
    let next = this.#list.firstElementChild;
    for (const { id } of entries) {
      const { element } = this.#cards.get(id) ?? this.#add(id);
      while (next && next !== element && this.#changed.has(Number(next.dataset.id))) {
        next = next.nextElementSibling; // it gets its place later
      }
      if (next === element) {
        next = next.nextElementSibling;
      } else {
        this.#list.insertBefore(element, next);
      }
    }
    this.#changed.clear();

    if (place >= 0) {
      this.#focus(focused, place);
    }
    const hidden = filtered.length - entries.length;
    byId("more").hidden = hidden === 0;
    byId("more").textContent = text("more", { count: number(Math.min(hidden, PAGE)) });
    const counts = { count: number(all.length), found: number(filtered.length) };
    byId("count").textContent = text(filtered === all ? "list.count" : "list.found", counts);
  }

  /** Restores the focus, which a moved element loses, or gives it to the element in the same place. */
  #focus(focused, place) {
    const card = focused.closest("li");
    const heir = card.isConnected ? card : (this.#list.children[place] ?? this.#list.lastElementChild);
    const usable = ":enabled:not([hidden])";
    const targets = [
      card.isConnected && !focused.hidden && !focused.disabled && focused,
      heir?.querySelector(`button.${focused.classList[0]}${usable}`),
      heir?.querySelector(`.frame ~ * button${usable}, button${usable}`),
      byId("files"),
    ];
    targets.find(Boolean).focus({ preventScroll: true });
  }

  #add(id) {
    const card = new Card(this, this.uploads.entry(id));
    this.#cards.set(id, card);
    this.observer.observe(card.element);
    return card;
  }

  #see(seen) {
    for (const { target, isIntersecting } of seen) {
      const id = Number(target.dataset.id);
      const card = this.#cards.get(id);
      const entry = this.uploads.entry(id);
      if (card && entry) {
        card.isNear = isIntersecting;
        card.preview(entry);
      }
    }
  }
}

/** Shows one picture in large, and compares its renditions. */
class Viewer {
  #gallery;
  #entry;
  #chosen; // the image that is being loaded
  #image;

  constructor(gallery) {
    this.#gallery = gallery;
    this.dialog = byId("viewer");
    byId("close").onclick = () => this.dialog.close();
    byId("previous").onclick = () => this.#step(-1);
    byId("next").onclick = () => this.#step(1);
    for (const id of ["open", "download"]) {
      byId(id).onclick = (event) => open(event, gallery.service, gallery.onProblem);
    }
    this.dialog.addEventListener("keydown", ({ key }) => {
      if (key === "ArrowLeft" || key === "ArrowRight") {
        this.#step(key === "ArrowLeft" ? -1 : 1);
      }
    });
    this.dialog.addEventListener("close", () => {
      this.#chosen = undefined;
      this.#clear();
    });
  }

  show(id) {
    const entry = this.#gallery.uploads.entry(id);
    this.#entry = entry;
    byId("viewer-name").textContent = entry.name;
    const contentType = entry.type || formatsOf(entry)[0]?.contentTypes[0]; // lists of earlier versions have no types
    const original = { ...entry, href: pathOf(entry.key), contentType };
    const choices = Object.entries({ ...renditionsOf(entry), original }).map(([name, rendition]) => {
      const button = Object.assign(document.createElement("button"), { className: "quiet" });
      button.dataset.rendition = name;
      const size = rendition.bytes ? bytes(rendition.bytes) : "";
      const facts = [titleOf(name), pixels(rendition), size, saving(entry, rendition)];
      button.append(...spans(facts));
      button.onclick = () => this.#choose(button, rendition);
      return button;
    });
    const hadFocus = byId("choices").contains(document.activeElement);
    byId("choices").replaceChildren(...choices);
    if (!this.dialog.open) {
      this.dialog.showModal();
    } else if (hadFocus) {
      choices[0].focus();
    }
    choices[0].click();
  }

  /** Shows a rendition. The one before stays until this one is loaded, so that they are easy to compare. */
  async #choose(button, { href, contentType }) {
    for (const other of byId("choices").children) {
      other.ariaPressed = other === button;
    }
    byId("open").href = byId("download").href = href;
    const image = newImage(`${button.firstChild.textContent}: ${this.#entry.name}`);
    this.#chosen = image;
    let message = DISPLAYABLE.test(contentType) ? "" : text("undisplayable");
    try {
      if (!message) {
        image.src = URL.createObjectURL(await this.#gallery.service.blob(href));
        await image.decode();
      }
    } catch ({ status, detail = "" }) {
      message = status === 404 ? text("gone") : text(status >= 0 ? "download.failed" : "undisplayable", { detail });
    }
    if (this.#chosen === image) {
      this.#clear();
      this.#image = image;
      byId("large").replaceChildren(message || image);
    } else {
      URL.revokeObjectURL(image.src);
    }
  }

  #step(by) {
    const ready = this.#gallery.uploads.list().filter(({ state }) => state === "ready");
    const index = ready.findIndex(({ id }) => id === this.#entry.id);
    const entry = ready[(index + by + ready.length) % ready.length];
    if (entry) {
      this.show(entry.id);
    }
  }

  #clear() {
    URL.revokeObjectURL(this.#image?.src);
    byId("large").replaceChildren();
  }
}
