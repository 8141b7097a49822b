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
    "api": "The API behind this page",
    "cancel": "Cancel",
    "cancel.all": "Cancel all",
    "check": "Check again",
    "choices": "Versions of this picture",
    "choose": "Choose pictures",
    "clear": "Clear the list",
    "clear.cancel": "Clear everything",
    "clear.finished": "Keep the unfinished ones",
    "clear.text": "Remove everything from the list? Entries: {count}. The pictures stay stored, but you cannot find them again from here.",
    "clear.unfinished": "Clear the list? Entries: {count}, of which {unfinished} are not uploaded yet and would be cancelled. Uploaded pictures stay stored, but you cannot find them again from here.",
    "close": "Close",
    "connection": "No connection to the service. Uploads continue as soon as it is back.",
    "count": "{count} in all",
    "details": "Details",
    "discard": "Discard",
    "download": "Download",
    "download.failed": "The download failed. {detail}",
    "drop": "or drop files and folders anywhere on this page, or paste",
    "drop.label": "Add pictures",
    "drop.now": "Let go to upload",
    "failed": "Failed",
    "filter": "Show",
    "filter.all": "All",
    "filter.failed": "Failed",
    "gone": "This version is no longer stored.",
    "interrupted": "Not uploaded",
    "interrupted.label": "Interrupted uploads",
    "interrupted.some": "Not uploaded before the page was closed: {count}",
    "intro": "Upload your pictures, and get small ones back that load fast.",
    "keep": "Keep the list",
    "limits": "{formats}. Up to {bytes} and {pixels} megapixels each.",
    "list": "Your pictures",
    "loading": "Loading …",
    "more": "Show {count} more",
    "next": "Next picture",
    "open": "Open",
    "operate": "For operators",
    "original": "Original",
    "overall": "{done} of {total} done",
    "overall.label": "All uploads",
    "previous": "Previous picture",
    "queued": "In the queue",
    "ready": "Ready",
    "remove": "Remove from the list",
    "resume": "Upload them",
    "retry": "Try again",
    "thumbnail": "Thumbnail",
    "thumbnail.of": "Thumbnail of {name}",
    "title": "Thumbnails",
    "undisplayable": "Browsers cannot show this format. Download it instead.",
    "unkept": "This browser stores nothing: the list is lost when you close the page.",
    "uploading": "Uploading",
    "uploading.of": "Upload of {name}",
    "view": "View {name}",
    "waiting": "Making the thumbnail",
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
    "api": "이 페이지가 쓰는 API",
    "cancel": "취소",
    "cancel.all": "모두 취소",
    "check": "다시 확인",
    "choices": "이 사진의 버전",
    "choose": "사진 선택",
    "clear": "목록 비우기",
    "clear.cancel": "모두 비우기",
    "clear.finished": "올리는 중인 사진은 남기기",
    "clear.text": "목록에서 {count}개를 모두 지울까요? 사진은 저장소에 남지만, 여기서 다시 찾을 수 없어요.",
    "clear.unfinished": "목록을 비울까요? {count}개 중 {unfinished}개는 아직 올리지 못해서 취소돼요. 올린 사진은 저장소에 남지만, 여기서 다시 찾을 수 없어요.",
    "close": "닫기",
    "connection": "서비스에 연결할 수 없어요. 연결되면 이어서 올릴게요.",
    "count": "모두 {count}개",
    "details": "자세히",
    "discard": "버리기",
    "download": "내려받기",
    "download.failed": "내려받지 못했어요. {detail}",
    "drop": "파일이나 폴더를 이 페이지에 끌어다 놓거나 붙여 넣어도 돼요",
    "drop.label": "사진 추가",
    "drop.now": "놓으면 올라가요",
    "failed": "실패",
    "filter": "보기",
    "filter.all": "전체",
    "filter.failed": "실패",
    "gone": "이 버전은 더 이상 저장되어 있지 않아요.",
    "interrupted": "올리지 못했어요",
    "interrupted.label": "중단된 업로드",
    "interrupted.some": "페이지가 닫혀서 올리지 못한 사진이 {count}장 있어요",
    "intro": "사진을 올리면 빠르게 열리는 작은 사진으로 만들어 드려요.",
    "keep": "그대로 두기",
    "limits": "{formats}. 한 장에 {bytes}, {pixels}메가픽셀까지 올릴 수 있어요.",
    "list": "내 사진",
    "loading": "불러오는 중 …",
    "more": "{count}개 더 보기",
    "next": "다음 사진",
    "open": "열기",
    "operate": "운영자용",
    "original": "원본",
    "overall": "{total}장 중 {done}장 완료",
    "overall.label": "전체 업로드",
    "previous": "이전 사진",
    "queued": "차례를 기다리는 중",
    "ready": "완료",
    "remove": "목록에서 지우기",
    "resume": "이어서 올리기",
    "retry": "다시 시도",
    "thumbnail": "섬네일",
    "thumbnail.of": "{name}의 섬네일",
    "title": "섬네일",
    "undisplayable": "브라우저에서 볼 수 없는 형식이에요. 내려받아서 보세요.",
    "unkept": "이 브라우저에는 저장되지 않아요. 페이지를 닫으면 목록이 사라져요.",
    "uploading": "올리는 중",
    "uploading.of": "{name} 올리기",
    "view": "{name} 크게 보기",
    "waiting": "섬네일을 만드는 중",
    // Page for operators
  },
};

/** The first language of the browser that the page has. */
export const language =
  navigator.languages.map((name) => name.slice(0, 2).toLowerCase()).find((name) => name in texts) ?? "en";

/** Returns a text with its placeholders replaced. */
export const text = (name, values = {}) =>
  texts[language][name].replace(/{(\w+)}/g, (placeholder, value) => values[value] ?? placeholder);

/** Returns what is wrong, in a person's words. */
export const problemText = ({ code }) => text(`problem.${code}` in texts[language] ? `problem.${code}` : "problem.Refused");

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

export const number = (value, options) => format(value, options);

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

translate(document);
