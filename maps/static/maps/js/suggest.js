// Makes a search field an editable combobox with a list (WAI-ARIA APG). Loaded when the field is first focused; until
// then, and without it, the field is a plain one.
import { sheetAddress } from "./question.js";
import { isAsked, moved, spoken, told } from "./suggestions.js";

const PAUSE_MS = 150;

export function attach(field) {
  const { suggestUrl: url, suggestCss: css, suggestHome: home, ...words } = field.dataset;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let found = [];
  let active = -1;
  let timer = 0;
  let request = new AbortController();

  const isOpen = () => !list.hidden;

  const mark = (index) => {
    active = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", i === index));
    const option = list.children[index];
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };

  const show = (open) => {
    list.hidden = !(open && found.length);
    field.setAttribute("aria-expanded", isOpen());
    mark(-1);
  };

  const forget = () => {
    clearTimeout(timer);
    request.abort();
    found = [];
    status.textContent = "";
    show(false);
  };

  const take = ({ q, url: sheet }) => {
    forget();
    field.value = q;
    if (sheet) location.assign(sheetAddress(sheet, home));
  };

  const optionOf = (suggestion, i) => {
    const option = document.createElement("li");
    const label = document.createElement("span");
    const detail = document.createElement("small");
    option.id = `${list.id}-${i}`;
    option.setAttribute("role", "option");
    label.textContent = suggestion.label;
    detail.textContent = told(suggestion);
    option.append(label, " ", detail);
    option.addEventListener("click", () => take(suggestion));
    return option;
  };

  const ask = async () => {
    clearTimeout(timer);
    request.abort();
    const text = field.value;
    if (!isAsked(text)) return forget();
    request = new AbortController();
    const { signal } = request;
    try {
      // In the page's language, which may not be the browser's.
      const headers = { "Accept-Language": document.documentElement.lang };
      const answer = await fetch(`${url}?${new URLSearchParams({ q: text })}`, { headers, signal });
      if (!answer.ok) throw new Error(answer.status);
      const suggestions = await answer.json();
      if (signal.aborted || document.activeElement !== field) return;
      found = suggestions;
      list.replaceChildren(...found.map(optionOf));
      show(true);
      status.textContent = spoken(found.length, { none: words.suggestNone, one: words.suggestOne, many: words.suggestMany });
    } catch {
      // Suggestions are a convenience: without them the field still asks.
      if (!signal.aborted) forget();
    }
  };

  const askSoon = () => {
    clearTimeout(timer);
    request.abort();
    if (active !== -1) mark(-1);
    timer = setTimeout(ask, PAUSE_MS);
  };

  const onKey = (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (event.altKey) return key === "ArrowUp" ? show(false) : show(true);
      if (!isOpen() && !found.length) return ask();
      if (!isOpen()) show(true);
      mark(moved(key, active, found.length));
    } else if (key === "Enter" && isOpen() && active !== -1) {
      event.preventDefault();
      take(found[active]);
    } else if (key === "Escape" && isOpen()) {
      event.preventDefault();
      show(false);
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(key) && active !== -1) {
      mark(-1); // back to the text, whose caret moves
    }
  };

  list.id = `${field.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.suggestName);
  list.hidden = true;
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  status.setAttribute("role", "status");
  status.className = "visually-hidden";
  field.after(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    field.setAttribute(name, value);
  }
  field.addEventListener("input", (event) => event.isComposing || askSoon());
  field.addEventListener("compositionend", askSoon);
  field.addEventListener("keydown", onKey);
  field.addEventListener("click", () => found.length && show(true));
  field.addEventListener("blur", forget);
  field.form?.addEventListener("submit", forget);
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: css });
  document.head.append(sheet);
  if (field.value !== field.defaultValue) askSoon(); // what was typed while this file was on its way
}
