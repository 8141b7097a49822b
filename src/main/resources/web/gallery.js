// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { pathOf, settings } from "./service.js";
import { bytes, number, problemText, text, translate } from "./texts.js";

/** How many more cards are shown at a time. */
const PAGE = 48;
/** How many pictures are fetched in parallel: a browser has six connections to a service, and uploads need some. */
const MAX_FETCHES = 2;
/** Content types that all browsers display. */
const DISPLAYABLE = /^image\/(jpeg|png|gif|webp|bmp|avif)$/;
/** What is drawn in the circle on a picture that is not ready. */
const SIGNS = {
  queued: "M12 7v5l3 2",
  uploading: "M12 17V7M8 11l4-4 4 4",
  waiting: "",
  failed: "M12 6.5V13M12 16.5v.5",
  interrupted: "M9.5 8v8M14.5 8v8",
};

const byId = (id) => document.getElementById(id);
const percent = (value) => number(value, { style: "percent" });
const formatOf = (name) => /\.(\w{2,4})$/.exec(name)?.[1].toUpperCase() ?? "";

/** Returns the renditions of a ready picture by name, the first one of the settings first. */
const renditionsOf = ({ status }) => ({ [settings.renditions[0]]: status.thumbnail, ...status.renditions });
const titleOf = (rendition) => (rendition === "thumbnail" || rendition === "original" ? text(rendition) : rendition);

const pixels = ({ width, height }) => (width ? `${width} × ${height}` : "");
const saving = (entry, { bytes: size }) => (size < entry.bytes ? `−${percent(1 - size / entry.bytes)}` : "");
const spans = (facts) =>
  facts.flatMap((textContent) => [Object.assign(document.createElement("span"), { textContent }), " "]);
/** Returns an image that cannot be dragged, because the page would take it for a file to upload. */
const newImage = (alt, src = "") => Object.assign(new Image(), { alt, src, draggable: false });
const fromTo = (from, to) => (from ? `${from} → ${to}` : to);

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
  #image;
  #shown; // the file or the status that the image is of

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
    this.element.className = `card ${state}${problem?.code === "Cancelled" ? " cancelled" : ""}`;
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
    this.find(".sign path").setAttribute("d", SIGNS[state] ?? "");
    this.find(".picture").disabled = state !== "ready";
    this.find(".state").textContent = problem ? problemText(problem) : text(`state.${state}`);
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

  /** Shows a picture: of the file, as long as the card is near the viewport, and then the thumbnail. */
  preview(entry) {
    const { id, name, state, status } = entry;
    const file = this.#gallery.uploads.fileOf(id);
    if (state === "ready" && this.isNear && this.#shown !== status) {
      this.#shown = status;
      const rendition = Object.values(renditionsOf(entry)).find(({ contentType }) => DISPLAYABLE.test(contentType));
      if (rendition) {
        this.#gallery.fetch(() => this.#fetch(rendition, text("thumbnail.of", { name })));
      }
    } else if (file && this.isNear && this.#shown !== file) {
      this.#shown = file;
      this.#show(file, "");
    } else if (!this.isNear && this.#shown && this.#shown !== status) {
      this.#shown = undefined;
      this.close();
    }
  }

  async #fetch({ href }, alt) {
    try {
      const blob = this.isNear && (await this.#gallery.service.blob(href));
      if (this.isNear) {
        this.#show(blob, alt);
        return;
      }
    } catch ({ status }) {
      if (status === 404) {
        this.isGone = true;
        this.#gallery.changed(this.id);
        return;
      }
    }
    this.#shown = undefined; // try again when the card or the connection is back
  }

  #show(blob, alt) {
    const image = newImage(alt, URL.createObjectURL(blob));
    image.onerror = () => URL.revokeObjectURL(image.src);
    image.onload = () => {
      this.close();
      this.#image = image;
      this.find(".picture").prepend(image);
    };
  }

  /** Releases the picture. */
  close() {
    URL.revokeObjectURL(this.#image?.src);
    this.#image?.remove();
  }
}

/** Shows the entries as cards, and a ready one in large. */
export class Gallery {
  #list = byId("list");
  #cards = new Map();
  #changed = new Set(); // ids of entries
  #limit = PAGE;
  #isScheduled = false;
  #fetches = 0;
  #toFetch = [];

  /** @param onProblem called with the problem if a download fails */
  constructor(uploads, service, onProblem) {
    Object.assign(this, { uploads, service, onProblem });
    this.observer = new IntersectionObserver((seen) => this.#see(seen), { rootMargin: "50%" });
    this.viewer = new Viewer(this);
    uploads.addEventListener("change", ({ detail }) => this.changed(detail));
    uploads.addEventListener("gone", ({ detail }) => this.changed(detail));
    uploads.addEventListener("share", ({ detail }) => this.#cards.get(detail)?.share(uploads.entry(detail)));
    this.#list.addEventListener("click", ({ target }) => this.#click(target.closest("button")));
    addEventListener("online", () => this.#cards.forEach((card, id) => card.preview(uploads.entry(id))));
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
    byId("more").textContent = text("list.more", { count: number(Math.min(hidden, PAGE)) });
    byId("count").textContent = text("list.count", { count: number(all.length), shown: number(entries.length) });
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

  /** Runs a task as soon as few enough others run. */
  async fetch(task) {
    this.#toFetch.push(task);
    while (this.#fetches < MAX_FETCHES && this.#toFetch.length > 0) {
      this.#fetches++;
      await this.#toFetch.shift()();
      this.#fetches--;
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
    const original = { ...entry, href: pathOf(entry.key), contentType: entry.type };
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
