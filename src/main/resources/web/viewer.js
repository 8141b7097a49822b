// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { formatsOf } from "./files.js";
import { byId, DISPLAYABLE, newImage, open, pixels, renditionsOf, saving, spans, titleOf } from "./pictures.js";
import { pathOf } from "./service.js";
import { bytes, text } from "./texts.js";

/** Shows one picture in large, and compares its renditions. */
export class Viewer {
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
