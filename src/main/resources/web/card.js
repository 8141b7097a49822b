// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { byId, DISPLAYABLE, newImage, open, percent, pixels, problemOf, renditionsOf, saving, spans, titleOf } from "./pictures.js";
import { pathOf, pause } from "./service.js";
import { bytes, text, translate } from "./texts.js";

/** Time after which a thumbnail is requested again if the service or the connection fails. */
const RETRY_MS = 3000;
/** Maximum width and height in pixels of the local previews. */
const PREVIEW = { width: 480, height: 360 };
/** Paths of the signs on pictures that are not ready, by state. */
const SIGNS = {
  queued: "M12 7v5l3 2",
  uploading: "M12 17V7M8 11l4-4 4 4",
  waiting: "",
  failed: "M12 6.5V13M12 16.5v.5",
  cancelled: "M9 9l6 6M15 9l-6 6",
  interrupted: "M9.5 8v8M14.5 8v8",
};

const extensionOf = (name) => /\.(\w{2,4})$/.exec(name)?.[1].toUpperCase() ?? "";
const fromTo = (from, to) => (from ? `${from} → ${to}` : to);

/** An entry on the page. */
export class Card {
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
    this.find(".format").textContent = extensionOf(name);
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
