// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
import { settings } from "./service.js";

/** Length of the name in a key. S3 limits keys to 1024 bytes, and a character has up to four. */
const MAX_NAME_LENGTH = 200;

/** Makes a key of the day's folder, a random folder, and the name without characters that the service rejects. */
export const newKey = (name) => {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(16).padStart(2, "0"));
  const end = name.slice(-MAX_NAME_LENGTH).replace(/[\p{Cc}\p{Cs}\ufffd/\\]|^\.+$/gu, "_");
  return `${new Date().toISOString().slice(0, 10)}/${random.join("")}/${end}`;
};

/** Returns the formats that a file may have, as far as its name and type tell. */
export const formatsOf = ({ name, type }) => {
  const extension = /\.([^.]+)$/.exec(name)?.[1].toLowerCase();
  return settings.formats.filter((it) => it.extensions.includes(extension) || it.contentTypes.includes(type));
};

/** Returns why the service would reject a file, as far as its name, type and size tell. */
export const faultOf = (file) => {
  const { size, type } = file;
  const formats = formatsOf(file);
  if (size === 0) {
    return "EmptyObject";
  }
  if (formats.length > 0 ? !formats.some(({ available }) => available) : type !== "") {
    return "UnsupportedFormat";
  }
  return size > settings.maxBytes ? "TooManyBytes" : undefined;
};

/** Returns a file if there is one that can be read. */
export const readable = (file) => file?.slice(0, 1).arrayBuffer().then(() => file, () => undefined);

/** Returns width and height of a picture that the browser can display, or undefined. */
export const sizeOf = async (file) => {
  const image = new Image();
  const loaded = new Promise((resolve) => (image.onload = image.onerror = resolve));
  image.src = URL.createObjectURL(file);
  await loaded;
  URL.revokeObjectURL(image.src);
  const { naturalWidth: width, naturalHeight: height } = image;
  return width && { width, height };
};
