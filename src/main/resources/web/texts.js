// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

/** All texts of the pages. The names and the {placeholders} are the same in every language. */
export const texts = {
  en: {
    // Both pages
    "key": "API key",
    "key.hint": "This service asks for a key. It is kept in this tab only.",
    "key.use": "Use this key",
    "key.wrong": "The service does not accept this key. Check it for missing characters.",
    // Problems, as a person would explain them: what is wrong, and what to do
    "problem.Broken": "The connection breaks each time. Try again, or try a smaller file.",
    "problem.Cancelled": "Cancelled.",
    "problem.Lost": "The file can no longer be read. Choose it again.",
    "problem.Refused": "The service does not accept the upload.",
    "problem.AccessDenied": "The service has no permission for the picture. Tell the people who run it.",
    "problem.CorruptImage": "The picture is damaged or cut off. Open it on your device, and save it again.",
    "problem.CredentialsRejected": "The storage rejects the service. Tell the people who run it.",
    "problem.EmptyObject": "The file is empty. Choose another one.",
    "problem.InternalError": "The service made an error. Tell the people who run it.",
    "problem.MissingLibrary": "The service lacks a part for this kind of picture. Tell the people who run it.",
    "problem.NotEnoughMemory": "The picture needs more memory than the service has. Make it smaller.",
    "problem.ObjectArchived": "The picture is in an archive. Ask the people who run the service to restore it.",
    "problem.ObjectNotFound": "The picture is not stored any more.",
    "problem.RequestRefused": "The storage rejects the picture. Tell the people who run the service.",
    "problem.ResourceMissing": "The storage is not set up. Tell the people who run the service.",
    "problem.ServiceUnavailable": "The storage did not respond for a long time. Upload the picture again later.",
    "problem.Timeout": "The picture takes too long to read. Save it as JPEG, and upload that.",
    "problem.TooManyBytes": "The file is too large. Make the picture smaller, or save it with a lower quality.",
    "problem.TooManyPixels": "The picture has too many pixels. Make it smaller.",
    "problem.UnsupportedFormat": "This kind of file is not supported. Save the picture as JPEG or PNG (also a HEIC), and upload that.",
    "problem.WorkerOverloaded": "The service was too busy. Upload the picture again later.",
    // Page for uploads
    // Page for operators
  },
  ko: {
    // Both pages
    "key": "API 키",
    "key.hint": "이 서비스를 쓰려면 키가 필요해요. 키는 이 탭에만 보관돼요.",
    "key.use": "이 키 사용",
    "key.wrong": "서비스가 이 키를 받아들이지 않아요. 빠진 글자가 없는지 확인하세요.",
    // Problems, as a person would explain them: what is wrong, and what to do
    "problem.Broken": "연결이 계속 끊겨요. 다시 시도하거나 더 작은 파일을 올려 보세요.",
    "problem.Cancelled": "취소했어요.",
    "problem.Lost": "파일을 더 이상 읽을 수 없어요. 다시 선택하세요.",
    "problem.Refused": "서비스가 업로드를 받아들이지 않아요.",
    "problem.AccessDenied": "서비스에 이 사진에 대한 권한이 없어요. 운영자에게 알려 주세요.",
    "problem.CorruptImage": "사진이 손상되었거나 잘렸어요. 기기에서 열어 다시 저장해 보세요.",
    "problem.CredentialsRejected": "저장소가 서비스를 거부해요. 운영자에게 알려 주세요.",
    "problem.EmptyObject": "빈 파일이에요. 다른 파일을 선택하세요.",
    "problem.InternalError": "서비스에 오류가 있어요. 운영자에게 알려 주세요.",
    "problem.MissingLibrary": "이런 사진을 처리할 구성 요소가 서비스에 없어요. 운영자에게 알려 주세요.",
    "problem.NotEnoughMemory": "사진을 처리할 메모리가 부족해요. 사진을 줄여 주세요.",
    "problem.ObjectArchived": "사진이 보관 저장소에 있어요. 운영자에게 복원을 요청하세요.",
    "problem.ObjectNotFound": "사진이 더 이상 저장되어 있지 않아요.",
    "problem.RequestRefused": "저장소가 사진을 거부해요. 운영자에게 알려 주세요.",
    "problem.ResourceMissing": "저장소가 준비되지 않았어요. 운영자에게 알려 주세요.",
    "problem.ServiceUnavailable": "저장소가 오랫동안 응답하지 않았어요. 나중에 다시 올려 주세요.",
    "problem.Timeout": "사진을 읽는 데 너무 오래 걸려요. JPEG로 저장해서 올려 주세요.",
    "problem.TooManyBytes": "파일이 너무 커요. 사진을 줄이거나 낮은 품질로 저장하세요.",
    "problem.TooManyPixels": "픽셀이 너무 많아요. 사진을 줄여 주세요.",
    "problem.UnsupportedFormat": "지원하지 않는 파일이에요. (HEIC도) JPEG나 PNG로 저장해서 올려 주세요.",
    "problem.WorkerOverloaded": "서비스가 너무 바빴어요. 나중에 다시 올려 주세요.",
    // Page for uploads
    // Page for operators
  },
};

/** The first language of the browser that the page has. */
export const language =
  navigator.languages.map((name) => name.slice(0, 2).toLowerCase()).find((name) => name in texts) ?? "en";

/** Returns a text with its placeholders replaced. */
export const text = (name, values = {}) =>
  texts[language][name].replace(/{(\w+)}/g, (placeholder, value) => values[value] ?? placeholder);

/** Fills the elements that name a text: `data-text` their content, `data-label` their label for screen readers. */
export const translate = (root) => {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-text], [data-label]")) {
    const { text: content, label } = element.dataset;
    if (content) {
      element.textContent = text(content);
    }
    if (label) {
      element.setAttribute("aria-label", text(label));
    }
  }
};

const format = (value, options) => new Intl.NumberFormat(language, options).format(value);

export const number = (value) => format(value);

/** Returns a size such as 4.2 MB. */
export const bytes = (value) => {
  const unit = ["byte", "kilobyte", "megabyte", "gigabyte"][Math.min(3, Math.floor(Math.log10(Math.max(1, value)) / 3))];
  const factor = { byte: 1, kilobyte: 1e3, megabyte: 1e6, gigabyte: 1e9 }[unit];
  return format(value / factor, { style: "unit", unit, maximumFractionDigits: value / factor < 10 && factor > 1 ? 1 : 0 });
};

/** Returns a period before now, such as "3 days ago". */
export const ago = (milliseconds) => {
  const units = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1000 };
  const [unit, length] = Object.entries(units).find(([, length]) => milliseconds >= length) ?? ["second", 1000];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-Math.floor(milliseconds / length), unit);
};
