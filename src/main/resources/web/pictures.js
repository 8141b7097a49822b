// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { formatsOf } from "./files.js";
import { settings } from "./service.js";
import { bytes, number, problemText, text } from "./texts.js";

/** Content types that all browsers display. */
export const DISPLAYABLE = /^image\/(jpeg|png|gif|webp|bmp|avif)$/;

export const byId = (id) => document.getElementById(id);
export const percent = (value) => number(value, { style: "percent" });

/** Returns the renditions of a ready picture by name, the main one first. */
export const renditionsOf = ({ status: { thumbnail, renditions = {} } }) => {
  const [name = "thumbnail"] = Object.entries(renditions).find(([, { href }]) => href === thumbnail.href) ?? [];
  return { [name]: thumbnail, ...renditions };
};
export const titleOf = (rendition) => (rendition === "thumbnail" || rendition === "original" ? text(rendition) : rendition);

export const pixels = ({ width, height }) => (width ? `${width} × ${height}` : "");
/** Returns the saving, rounded down: nothing is saved entirely. */
export const saving = (entry, { bytes: size }) =>
  size < entry.bytes ? `−${percent(Math.floor(100 - (100 * size) / entry.bytes) / 100)}` : "";
export const spans = (facts) =>
  facts.flatMap((textContent) => [Object.assign(document.createElement("span"), { textContent }), " "]);
/** Returns an image that cannot be dragged, because the page would take it for a file to upload. */
export const newImage = (alt, src = "") => Object.assign(new Image(), { alt, src, draggable: false });

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

/** Downloads what a link leads to if a key is needed, because browsers do not send keys with links. */
export const open = async (event, service, onProblem) => {
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
