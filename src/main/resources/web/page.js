// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { bytes, language, number, problemText, text } from "./texts.js"; // first: the texts show before the settings are there
import { Gallery } from "./gallery.js";
import { askForKey } from "./key.js";
import { Service, settings } from "./service.js";
import { Store } from "./store.js";
import { Uploads } from "./uploads.js";

/** Time between two announcements to screen readers. */
const ANNOUNCE_MS = 3000;

const byId = (id) => document.getElementById(id);

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
let announcing;

/** Lets screen readers say a sentence soon, with what else happens until then, but only the latest one about a topic. */
const say = (sentence, topic = sentence) => {
  news.delete(topic);
  news.set(topic, sentence);
  announcing ??= setTimeout(() => {
    announcing = undefined;
    byId("live").textContent = [...news.values()].join(" ");
    news.clear();
  }, ANNOUNCE_MS);
};

askForKey(service, () => byId("files").focus());

// ---- Choosing, dropping and pasting files ----

const add = (files) => files.length > 0 && uploads.add(files);

const addChosen = () => {
  add([...byId("files").files]);
  byId("files").value = ""; // so that the same file can be chosen again
};
byId("files").addEventListener("change", addChosen);
addChosen(); // what was chosen before this script was loaded

document.addEventListener("paste", ({ clipboardData }) => add([...clipboardData.files]));

/** Returns the files of a dropped file or folder, except hidden ones. */
const filesIn = async (entry) => {
  if (entry.isFile) {
    return [await new Promise((...result) => entry.file(...result))];
  }
  const reader = entry.createReader();
  const inside = [];
  for (let some; some?.length !== 0; inside.push(...some)) {
    some = await new Promise((...result) => reader.readEntries(...result)); // at most 100
  }
  const visible = inside.filter(({ name }) => !name.startsWith("."));
  return (await Promise.all(visible.map(filesIn))).flat();
};

const isOfFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
let depth = 0; // a drag also enters and leaves each element inside
const drag = (step) => (event) => {
  if (isOfFiles(event)) {
    event.preventDefault();
    depth = step ? depth + step : depth;
    document.body.classList.toggle("over", depth > 0);
  }
};
document.body.dataset.drop = text("drop.now");
document.addEventListener("dragenter", drag(1));
document.addEventListener("dragleave", drag(-1));
document.addEventListener("dragover", drag(0));
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  depth = 0;
  document.body.classList.remove("over");
  const { items, files } = event.dataTransfer;
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()); // before the first await
  add(entries.some(Boolean) ? (await Promise.all(entries.filter(Boolean).map(filesIn))).flat() : [...files]);
});

// ---- All uploads ----

let isScheduled = false;
let totalBefore = 0;

/** Shows how many uploads are done. */
const showOverall = () => {
  isScheduled = false;
  const { total, done, share } = uploads.summary();
  const isActive = done < total;
  const progress = text("overall", { done: number(done), total: number(total) });
  byId("overall").hidden = !isActive;
  byId("overall").querySelector("progress").value = share;
  document.title = isActive ? `${progress} · ${text("title")}` : text("title");
  if (byId("overall-text").textContent !== progress) {
    byId("overall-text").textContent = progress;
    if (isActive || total > totalBefore) {
      say(progress, "overall"); // not if entries were removed
    }
    totalBefore = isActive ? 0 : total;
  }
};

/** Shows what depends on the states of all entries. */
const showStates = () => {
  const isEmpty = store.entries.size === 0;
  document.body.classList.toggle("filled", !isEmpty);
  byId("pictures").hidden = isEmpty;
  byId("cancel-all").hidden = uploads.unfinished().length === 0;
  const interrupted = uploads.interrupted().length;
  byId("interrupted").hidden = interrupted === 0;
  byId("interrupted").firstElementChild.textContent = text("interrupted.some", { count: number(interrupted) });
  byId("unkept").hidden = store.isKept;
};

const schedule = () => {
  if (!isScheduled) {
    isScheduled = true;
    setTimeout(() => {
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
  const { name, state, problem } = uploads.entry(detail);
  if (state === "failed" && problem.code !== "Cancelled") {
    say(`${name}: ${problemText(problem)}`);
  }
});
uploads.addEventListener("connection", () => {
  byId("connection").hidden = !uploads.isPaused;
  uploads.isPaused && say(text("connection"));
});

byId("cancel-all").onclick = () => uploads.cancelAll();
byId("resume").onclick = () => uploads.interrupted().forEach(({ id }) => uploads.retry(id));
byId("discard").onclick = () => uploads.remove(...uploads.interrupted().map(({ id }) => id));

addEventListener("beforeunload", (event) => uploads.unfinished().length > 0 && event.preventDefault());

// ---- Clearing the list ----

/** Returns the entries whose pictures are not uploaded, also those that other tabs upload. */
const unfinishedIds = () =>
  [...store.entries.values()]
    .filter(({ state }) => ["queued", "uploading", "interrupted"].includes(state))
    .map(({ id }) => id);

byId("clear").onclick = () => {
  const unfinished = unfinishedIds();
  const values = { count: number(store.entries.size), unfinished: number(unfinished.length) };
  byId("clear-text").textContent = text(unfinished.length > 0 ? "clear.unfinished" : "clear.text", values);
  byId("clear-finished").hidden = unfinished.length === 0;
  byId("clear-all").textContent = text(unfinished.length > 0 ? "clear.cancel" : "clear");
  byId("clear-dialog").showModal();
};

byId("clear-all").onclick = () => uploads.remove(...store.entries.keys());
byId("clear-finished").onclick = () => {
  const kept = unfinishedIds();
  uploads.remove(...[...store.entries.keys()].filter((id) => !kept.includes(id)));
};

byId("connection").hidden = true;
schedule();
await uploads.open();
