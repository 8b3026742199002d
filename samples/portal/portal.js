"use strict";
const form = document.querySelector("kexie-form");

form.addEventListener("kexie-change", ({ detail }) => {
  document.getElementById("payload").textContent = JSON.stringify(detail.payload, null, 2);
});

form.addEventListener("kexie-error", ({ detail }) => {
  document.getElementById("state").textContent = `表单暂不能用（${detail.reason}）。`;
});

form.addEventListener("kexie-submit", ({ detail }) => {
  document.getElementById("state").textContent = `已收到 ${detail.form} ${detail.year}。`;
  document.getElementById("payload").textContent = JSON.stringify(detail.payload, null, 2);
  const links = Object.values(detail.documents).map(({ name, url }) => {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: url, download: name, textContent: name });
    item.append(link);
    return item;
  });
  document.getElementById("documents").replaceChildren(...links);
});
