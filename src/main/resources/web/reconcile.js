// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { attempt, confirmed, read } from "./actions.js";
import { find } from "./elements.js";
import { start } from "./runs.js";
import { number, text } from "./texts.js";

/** Shows what a reconcile costs, and says on its button what it does. */
export const showPrice = async () => {
  const max = find("#reconcile-max").value;
  find("#reconcile-start").textContent = max ? text("send.upTo", { count: number(max) }) : text("start.dryRun");
  const { price } = await read(`/operate/reconcile/price${max && `?max=${max}`}`);
  if (max === find("#reconcile-max").value) {
    find("#reconcile-price").textContent = price;
  }
};

const startReconcile = async () => {
  await showPrice();
  const max = Number(find("#reconcile-max").value);
  const prefix = find("#reconcile-prefix").value;
  const deleteOrphans = find("#reconcile-orphans").checked;
  const restart = find("#reconcile-restart").checked;
  const isConfirmed =
    !max ||
    (await confirmed(
      text("send.upTo", { count: number(max) }),
      text("confirm.reconcile", { count: number(max) }),
      prefix && `${text("prefix")}: ${prefix}`,
      deleteOrphans && text("orphans"),
      restart && text("restart"),
      find("#reconcile-price").textContent,
    ));
  if (isConfirmed) {
    await start("reconcile", { prefix, deleteOrphans, restart, ...(max ? { max } : { dryRun: true }) });
  }
};

find("#reconcile-max").onchange = attempt(showPrice);
find("#reconcile-form").onsubmit = attempt(startReconcile);
