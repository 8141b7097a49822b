// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { ago, language, text } from "./texts.js";

/** Returns the first element that a selector matches. */
export const find = (selector, root = document) => root.querySelector(selector);

/** Creates an element. Texts among its children never become HTML. */
export const create = (tag, { data, ...properties } = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
};

/** Creates an element for a text that anybody can write, such as a key. Shows invisible characters as escapes. */
export const foreign = (value) => {
  const escape = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const invisible = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
  return create("bdi", {}, `${value ?? text("unknown")}`.replace(invisible, escape));
};

/** Returns how long ago a time was. */
export const since = (time) => ago(Math.max(0, Date.now() - Date.parse(time)));

/** Creates an element for a time. */
export const when = (time) => {
  const local = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" }).format(new Date(time));
  return create("time", { dateTime: time }, `${local} (${since(time)})`);
};

/** Replaces the children of an element that screen readers announce, unless they say the same as before. */
export const tell = (element, ...children) => {
  if (element.textContent !== children.map((child) => child.textContent ?? child).join("")) {
    element.replaceChildren(...children);
  }
};

/** Replaces the rows of a table. The focus stays on the same element of the same row, if that is still there. */
export const showRows = (selector, rows) => {
  const table = find(selector);
  const nameOf = (row) => Object.values(row.dataset)[0];
  const focused = table.contains(document.activeElement) && document.activeElement;
  const old = focused && focused.closest("tbody tr");
  table.tBodies[0].replaceChildren(...rows);
  if (old) {
    const row = rows.find((other) => nameOf(other) === nameOf(old));
    const same = row && find(`.${focused.className.split(" ").pop()}`, row);
    (same ?? table).focus({ preventScroll: true });
  }
};
