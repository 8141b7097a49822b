// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { bytes, language, number, text } from "./texts.js"; // first: the texts show before the settings are there
import { Gallery } from "./gallery.js";
import { askForKey } from "./key.js";
import { byId, problemOf } from "./pictures.js";
import { Service, settings } from "./service.js";
import { Store } from "./store.js";
import { Uploads } from "./uploads.js";

/** Time between two announcements to screen readers. */
const ANNOUNCE_MS = 3000;

const service = new Service("api key", settings.keyRequired);
const store = await Store.open(`thumbnails ${settings.stage}/${settings.originals}`);
const uploads = new Uploads(service, store);
const gallery = new Gallery(uploads, service, (problem) => say(text("download.failed", { detail: problem.detail })));

// ---- What the service takes and makes ----

const formats = settings.formats.filter(({ available }) => available);
byId("limits").textContent = text("limits", {
  formats: new Intl.ListFormat(language).format(formats.map(({ name }) => name)),
  bytes: bytes(settings.maxBytes),
  pixels: number(settings.maxPixels, { notation: "compact" }),
});
byId("files").accept = formats
  .flatMap(({ extensions, contentTypes }) => [...contentTypes, ...extensions.map((extension) => `.${extension}`)])
  .join();
byId("operate").hidden = !settings.roles.includes("operate");

// ---- Announcements ----

const news = new Map();
const failures = new Map(); // their number by what is wrong
let announcing;

/** Lets screen readers say a sentence soon, with what else happens until then, but only the latest one about a topic. */
const say = (sentence, topic = sentence) => {
  news.delete(topic);
  news.set(topic, sentence);
  announcing ??= setTimeout(() => {
    announcing = undefined;
    byId("live").textContent = [...news.values()].join(" ");
    news.clear();
    failures.clear();
  }, ANNOUNCE_MS);
};

/** Announces what is wrong with a picture, or with how many pictures since the last announcement. */
const sayFailure = (entry) => {
  const problem = problemOf(entry);
  const count = (failures.get(problem) ?? 0) + 1;
  failures.set(problem, count);
  say(count > 1 ? text("failed.some", { count: number(count), problem }) : `${entry.name}: ${problem}`, problem);
};

/** Shows or hides an element. If it would take the focus with it, the files get the focus. */
const show = (id, isVisible) => {
  const hadFocus = byId(id).contains(document.activeElement);
  byId(id).hidden = !isVisible;
  if (hadFocus && !isVisible) {
    byId("files").focus();
  }
};

askForKey(service, () => byId("files").focus());

// ---- Choosing, dropping and pasting files ----

/** The ids of what was added or tried again since all uploads were done. */
const batch = new Set();

/** Uploads files, and says which others cannot be read. */
const add = (files, unreadable = []) => {
  const names = new Intl.ListFormat(language).format(unreadable);
  byId("unreadable").textContent = names && text("unreadable", { names });
  show("unreadable", names !== "");
  if (names) {
    say(byId("unreadable").textContent);
  }
  if (files.length > 0) {
    const { total, done } = uploads.summary();
    if (done === total) {
      batch.clear();
    }
    const before = new Set(store.entries.keys());
    uploads.add(files);
    [...store.entries.keys()].filter((id) => !before.has(id)).forEach((id) => batch.add(id));
  }
};

const addChosen = () => {
  add([...byId("files").files]);
  byId("files").value = ""; // so that the same file can be chosen again
};
byId("files").addEventListener("change", addChosen);
addChosen(); // what was chosen before this script was loaded

document.addEventListener("paste", ({ clipboardData }) => {
  if (clipboardData.files.length > 0) {
    add([...clipboardData.files]);
  }
});

/** Returns the files of a dropped file or folder, except hidden ones. Adds the names of those that cannot be read to a list. */
const filesIn = async (entry, unreadable) => {
  try {
    if (entry.isFile) {
      return [await new Promise((...result) => entry.file(...result))];
    }
    const reader = entry.createReader();
    const inside = [];
    for (let some; some?.length !== 0; inside.push(...some)) {
      some = await new Promise((...result) => reader.readEntries(...result)); // at most 100
    }
    const visible = inside.filter(({ name }) => !name.startsWith("."));
    return (await Promise.all(visible.map((it) => filesIn(it, unreadable)))).flat();
  } catch {
    unreadable.push(entry.name);
    return [];
  }
};

const isOfFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
const drag = (event) => {
  if (isOfFiles(event)) {
    event.preventDefault();
    document.body.classList.add("over");
  }
};
document.body.dataset.drop = text("drop.now");
document.addEventListener("dragenter", drag);
document.addEventListener("dragover", drag);
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (relatedTarget === null) {
    document.body.classList.remove("over"); // the pointer has left the page
  }
});
document.addEventListener("drop", async (event) => {
  document.body.classList.remove("over");
  if (!isOfFiles(event)) {
    return; // a text for the key, for example
  }
  event.preventDefault();
  const unreadable = [];
  // Before the first await. Only folders need an entry, and what comes from other programs may have none.
  const dropped = [...event.dataTransfer.items].map((item) => {
    const entry = item.webkitGetAsEntry?.();
    return entry?.isDirectory ? filesIn(entry, unreadable) : item.getAsFile();
  });
  add((await Promise.all(dropped)).flat().filter(Boolean), unreadable);
});

// ---- All uploads ----

let isScheduled = false;
let totalBefore = 0;

/** Shows how many uploads are done. Cancelled ones do not count. */
const showOverall = () => {
  const { total, done, share } = uploads.summary();
  const ended = [...batch].map((id) => uploads.entry(id)).filter((entry) => entry?.state === "failed");
  const failed = ended.filter(({ problem }) => problem.code !== "Cancelled").length;
  const wanted = total - ended.length + failed;
  const isActive = done < total;
  const values = { done: number(done - ended.length), total: number(wanted), failed: number(failed) };
  const progress = text(failed > 0 ? "overall.failed" : "overall", values);
  show("overall", isActive);
  byId("overall").querySelector("progress").value = share;
  document.title = isActive ? `${progress} · ${text("title")}` : text("title");
  if (byId("overall-text").textContent !== progress) {
    byId("overall-text").textContent = progress;
    if (wanted > 0 && (isActive || total > totalBefore)) {
      say(progress, "overall"); // not if entries were removed
    } else {
      news.delete("overall");
    }
    totalBefore = isActive ? 0 : total;
  }
};

/** Shows what depends on the states of all entries. */
const showStates = () => {
  const isEmpty = store.entries.size === 0;
  document.body.classList.toggle("filled", !isEmpty);
  show("pictures", !isEmpty);
  show("cancel-all", uploads.unfinished().length > 0);
  const interrupted = uploads.interrupted().length;
  const sentence = text("interrupted.some", { count: number(interrupted) });
  byId("interrupted").firstElementChild.textContent = sentence;
  if (interrupted > 0 && byId("interrupted").hidden) {
    say(sentence);
  }
  show("interrupted", interrupted > 0);
  byId("unkept").hidden = store.isKept;
};

const schedule = () => {
  if (!isScheduled) {
    isScheduled = true;
    setTimeout(() => {
      isScheduled = false;
      showOverall();
      showStates();
    }, 100);
  }
};

store.addEventListener("unkept", schedule);
uploads.addEventListener("share", schedule);
uploads.addEventListener("gone", schedule);
uploads.addEventListener("change", ({ detail }) => {
  schedule();
  const entry = uploads.entry(detail);
  if (entry.state === "queued" && uploads.isOwn(entry)) {
    batch.add(detail);
  } else if (entry.state === "failed" && entry.problem.code !== "Cancelled") {
    sayFailure(entry);
  }
});
uploads.addEventListener("connection", () => {
  byId("connection").hidden = !uploads.isPaused;
  say(text(uploads.isPaused ? "connection" : "connection.back"), "connection");
});

byId("cancel-all").onclick = () => uploads.cancelAll();
byId("resume").onclick = () => uploads.interrupted().forEach(({ id }) => uploads.retry(id));

addEventListener("beforeunload", (event) => uploads.unfinished().length > 0 && event.preventDefault());

// ---- Clearing the list ----

/** Whether a picture is perhaps not uploaded, or has no thumbnail yet. */
const isUnfinished = ({ state, canRetry }) =>
  ["queued", "uploading", "waiting", "interrupted"].includes(state) || canRetry === true;

/** Asks before entries are removed. The ids were found before, so that what changes meanwhile is not forgotten. */
const ask = (question, answer, ids, finished) => {
  byId("clear-text").textContent = question;
  byId("clear-all").textContent = answer;
  byId("clear-all").onclick = () => uploads.remove(...ids());
  byId("clear-finished").hidden = finished.length === 0;
  byId("clear-finished").onclick = () => uploads.remove(...finished);
  byId("clear-dialog").showModal();
};

byId("clear").onclick = () => {
  const ids = [...store.entries.keys()];
  const finished = ids.filter((id) => !isUnfinished(uploads.entry(id)));
  const unfinished = ids.length - finished.length;
  const question = text(unfinished > 0 ? "clear.unfinished" : "clear.text", {
    count: number(ids.length),
    unfinished: number(unfinished),
  });
  ask(question, text(unfinished > 0 ? "clear.cancel" : "clear"), () => ids, unfinished > 0 ? finished : []);
};

byId("discard").onclick = () => {
  const ids = uploads.interrupted().map(({ id }) => id);
  const question = text("discard.text", { count: number(ids.length) });
  // Some may turn out to be stored while the question is read.
  ask(question, text("discard"), () => ids.filter((id) => uploads.entry(id)?.state === "interrupted"), []);
};

byId("connection").hidden = true;
schedule();
await uploads.open();
