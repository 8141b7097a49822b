// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import { action, confirmed } from "./actions.js";
import { create, find, foreign, showRows, tell } from "./elements.js";
import { fixOf, isForUploaders, toldOf } from "./reasons.js";
import { start } from "./runs.js";
import { ago, number, text } from "./texts.js";

/** Age of an event from which the workers may not run. */
const OLD_SECONDS = 300;

let queues; // undefined until they are known
let counts; // of failures by reason; undefined until they are known
let queuesLost = false; // whether the last request for the queues has failed
let countsLost = ""; // why the last request for the counts has failed

/** Says at the top whether something is wrong. Nobody reads that all is fine while something is unknown or old. */
const showVerdict = () => {
  const queue = (name) => queues?.find((other) => other.name === name) ?? {};
  const { waiting, oldestSeconds } = queue("events");
  let wrong = 0;
  let unusable = 0;
  Object.entries(counts ?? {}).forEach(([name, n]) => (isForUploaders(name) ? (unusable += n) : (wrong += n)));
  const line = (name, values, className = "notice bad") => create("li", { className }, text(name, values));
  const lines = [
    wrong > 0 && line("verdict.failures", { count: number(wrong) }),
    queue("dead").waiting > 0 && line("verdict.dead", { count: number(queue("dead").waiting) }),
    oldestSeconds > OLD_SECONDS && line("verdict.old", { time: ago(oldestSeconds * 1000) }),
    waiting > 0 && oldestSeconds == null && line("verdict.ageUnknown", { count: number(waiting) }, "notice"),
    (queuesLost || queues?.some(({ problem }) => problem)) && line("verdict.unknown"),
    countsLost && line("verdict.countsUnknown", { detail: countsLost }),
  ].filter(Boolean);
  if (lines.length === 0) {
    lines.push(line(queues && counts ? "verdict.fine" : "loading", {}, "notice"));
  }
  if (unusable > 0) {
    lines.push(line("verdict.pictures", { count: number(unusable) }, "notice"));
  }
  tell(find("#verdict"), ...lines);
};

const queueRow = ({ name, problem, ageProblem, waiting, inFlight, delayed, oldestSeconds }) => {
  const known = (value, show) => (value == null ? text("unknown") : show(value));
  const cells = [waiting, inFlight, delayed].map((count) => create("td", {}, known(count, number)));
  const age = waiting === 0 ? "–" : known(oldestSeconds, (seconds) => ago(seconds * 1000));
  const title = create("th", { scope: "row" }, text(`queue.${name}`));
  if (problem) {
    title.append(create("p", { className: "bad", lang: "en" }, foreign(problem)));
  }
  if (ageProblem) {
    title.append(create("p", { lang: "en" }, foreign(ageProblem)));
  }
  const last = create("td", {}, age);
  if (name === "dead" && waiting > 0) {
    last.append(" ", action("retry-dead", text("retry"), async () => {
      if (await confirmed(text("retry"), text("confirm.dead", { count: number(waiting) }))) {
        await start("redrive", { source: "dead" }, waiting);
      }
    }));
  }
  return create("tr", { data: { queue: name } }, title, ...cells, last);
};

const reasonRow = ([reason, count]) => {
  const title = create("th", { scope: "row" }, foreign(reason));
  title.append(create("p", {}, fixOf(reason)), create("p", {}, toldOf(reason)));
  const retry = action("retry-reason", text("retryAll"), async () => {
    const question = text("confirm.reason", { count: number(count), reason });
    const again = isForUploaders(reason) && text("confirm.again");
    if (count === 1 || (await confirmed(text("retryAll"), question, again))) {
      await start("redrive", { reasons: [reason] }, count);
    }
  });
  retry.ariaLabel = `${text("retryAll")}: ${reason}`;
  return create("tr", { data: { reason } }, create("td", {}, number(count)), title, create("td", {}, retry));
};

/** Shows the queues. Without any, those that are shown are old. */
export const showQueues = (present) => {
  queuesLost = !present;
  if (present) {
    queues = present;
    showRows("#queues", queues.map(queueRow));
  }
  showVerdict();
};

/** Shows the counts of failures. Without any, `problem` says why those that are shown are old. */
export const showCounts = (present, problem = "") => {
  countsLost = problem;
  if (present) {
    counts = present;
    const list = Object.entries(counts).sort(([one], [other]) => isForUploaders(one) - isForUploaders(other));
    showRows("#reasons", list.map(reasonRow));
  }
  showVerdict();
};
