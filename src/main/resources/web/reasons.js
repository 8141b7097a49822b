// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { settings } from "./service.js";
import { language, text, texts } from "./texts.js";

const reasonOf = (name) => settings.reasons.find((reason) => reason.name === name);

/** Returns whether only another picture helps. An archived one is at fault, too, but operators can restore it. */
export const isForUploaders = (name) => reasonOf(name)?.pictureAtFault === true && name !== "ObjectArchived";

/** Returns what an operator should do about a reason. */
export const fixOf = (name) =>
  reasonOf(name) ? text(`fix.${name}` in texts[language] ? `fix.${name}` : "fix.picture") : "";

/** Returns what an uploader reads about a reason. */
export const toldOf = (name) => (reasonOf(name) ? text("told", { words: text(`problem.${name}`) }) : "");
