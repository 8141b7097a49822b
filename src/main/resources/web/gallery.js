// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { Card } from "./card.js";
import { byId } from "./pictures.js";
import { number, text } from "./texts.js";
import { Viewer } from "./viewer.js";

/** How many more cards are shown at a time. */
const PAGE = 48;

/** Returns a function that runs tasks one after the other. */
const queue = () => {
  let last = Promise.resolve();
  return (task) => (last = last.then(task));
};

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
