// Suggests questions while codes are typed: a combobox with a list, after the ARIA practices.
// The form works without it: the server reads the same beginnings of words.
const WAIT = 120;

function makeList(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-list`;
  list.className = "app-combobox__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Questions that fit");
  list.hidden = true;
  return list;
}

function makeStatus() {
  const status = document.createElement("div");
  status.className = "nhsuk-u-visually-hidden";
  status.setAttribute("role", "status");
  return status;
}

function begin(box) {
  const input = box.querySelector("input");
  const list = makeList(input);
  const status = makeStatus();
  let active = -1;
  let timer = 0;
  let asked = 0;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  box.append(list, status);

  // Codes are parted by commas; the one in which the cursor stands is looked for.
  const bounds = () => {
    const at = input.selectionStart ?? input.value.length;
    const start = Math.max(input.value.lastIndexOf(",", at - 1), input.value.lastIndexOf(";", at - 1)) + 1;
    const rest = input.value.slice(start).search(/[,;]/);
    return [start, rest < 0 ? input.value.length : start + rest];
  };

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    const options = [...list.children];
    active = (index + options.length) % options.length;
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  };

  const take = (option) => {
    const [start, end] = bounds();
    const before = start ? `${input.value.slice(0, start)} ` : "";
    const after = input.value.slice(end).replace(/^[,;]\s*/, "");
    input.value = `${before}${option.dataset.kloe}, ${after}`;
    const at = before.length + option.dataset.kloe.length + 2;
    input.setSelectionRange(at, at);
    close();
    status.textContent = `${option.textContent} is taken.`;
  };

  const show = (questions) => {
    close();
    if (!questions.length) {
      status.textContent = "No question fits.";
      return;
    }
    questions.slice(0, 8).forEach((one, at) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.className = "app-combobox__option";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.kloe = one.kloe;
      option.textContent = one.name;
      // mousedown, since the box would lose the focus before a click.
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(option);
      });
      list.append(option);
    });
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    status.textContent = `${list.children.length} suggested. Arrow down to choose.`;
  };

  const look = async () => {
    const words = input.value.slice(...bounds()).trim();
    const mine = ++asked;
    if (!words) return close();
    try {
      const answer = await fetch(`${box.dataset.find}?as=json&q=${encodeURIComponent(words)}`);
      // An answer that comes late must not take the place of a later one.
      if (answer.ok && mine === asked && document.activeElement === input) {
        show((await answer.json()).questions);
      }
    } catch {
      close(); // without suggestions the form still works
    }
  };

  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, WAIT);
  });
  input.addEventListener("blur", () => {
    asked += 1;
    window.clearTimeout(timer);
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active < 0 ? -1 : active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) take(list.children[active]);
    else return;
    event.preventDefault();
  });
}

for (const box of document.querySelectorAll(".app-combobox")) begin(box);
