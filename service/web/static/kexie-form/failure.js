// What the element says where the form is not: why it could not be opened, and a button to try again.

const WORDS = {
  zh: {
    title: "表单未能打开",
    stop: "。",
    refused: "请重试。若仍打不开，请告诉本网站的管理员：表单服务可能没有允许本网站嵌入，或者令牌已失效。",
    unreachable: "暂时连接不上表单服务。请检查网络，稍后重试。",
    token: "表单服务要求令牌，而本网站没有提供：表单只能填写，无法预览、下载和提交。",
    data: "预填的数据不是 JSON 对象，没有填入。",
    fields: "readonly-fields、hidden-fields 或 required-fields 中有表单没有的栏目：",
    between: "、",
    again: "重试",
  },
  en: {
    title: "The form could not be opened",
    stop: ". ",
    refused: "Try again. If it still does not open, contact the administrator of this site: the form service may not allow this site to show the form, or the token is no longer valid.",
    unreachable: "The form service cannot be reached at the moment. Check the network, and try again later.",
    token: "The form service asks for a token, and this site has given none: the form can be filled in, but not previewed, downloaded or submitted.",
    data: "The data to fill in are no JSON object: nothing was filled in.",
    fields: "readonly-fields, hidden-fields or required-fields name what the form does not have: ",
    between: ", ",
    again: "Try again",
  },
};

export const words = (english) => (english ? WORDS.en : WORDS.zh);

/** Whether a service is reachable from this browser, by a file of it; within some milliseconds. */
export async function isReachable(file, milliseconds) {
  try {
    await fetch(file, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(milliseconds) });
    return true;
  } catch {
    return false;
  }
}

export function errorBox(title, text, again, retry) {
  const box = document.createElement("div");
  const heading = document.createElement("strong");
  const what = document.createElement("p");
  const button = document.createElement("button");
  heading.textContent = title;
  what.textContent = text;
  button.textContent = again;
  button.type = "button";
  button.addEventListener("click", retry);
  box.setAttribute("role", "alert");
  Object.assign(box.style, { padding: "1rem", border: "1px solid var(--kexie-border, #cfd6de)", borderRadius: "var(--kexie-radius, 4px)", fontFamily: "var(--kexie-font, inherit)" });
  what.style.margin = "0.5rem 0";
  box.append(heading, what, button);
  return box;
}
