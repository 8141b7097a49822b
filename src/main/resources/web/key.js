// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { text } from "./texts.js";

const byId = (id) => document.getElementById(id);

/** Shows the form for the key each time a service needs another one. `given` is called when the form is sent. */
export const askForKey = (service, given) => {
  service.onKeyNeeded = (isWrong) =>
    new Promise((resolve) => {
      document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close()); // they would block the form
      byId("key-form").hidden = false;
      byId("key-hint").textContent = text(isWrong ? "key.wrong" : "key.hint");
      byId("key").ariaInvalid = isWrong;
      byId("key").focus();
      byId("key-form").onsubmit = (event) => {
        event.preventDefault();
        service.key = byId("key").value.trim();
        event.target.reset();
        event.target.hidden = true;
        given();
        resolve();
      };
    });
};
