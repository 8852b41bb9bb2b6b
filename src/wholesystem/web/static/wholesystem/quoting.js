// What is selected in a document's text goes into the box of words to quote, with its first line.
// Without this, the words are copied or typed; the server finds them in the text.
const text = document.getElementById("text");
const quoted = document.getElementById("id_quoted");
const lines = document.getElementById("id_lines");

function wordsOf(range) {
  const copy = range.cloneContents();
  for (const link of copy.querySelectorAll(".app-text__link")) link.remove();
  return copy.textContent.trim();
}

function lineOf(range) {
  const node = range.startContainer;
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element.closest("[data-line]")?.dataset.line ?? "";
}

function take() {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.commonAncestorContainer)) return;
  const words = wordsOf(range);
  if (!words) return;
  quoted.value = words;
  lines.value = lineOf(range);
  document.getElementById("quote").open = true;
}

if (text && quoted) {
  document.addEventListener("mouseup", take);
  document.addEventListener("keyup", (event) => {
    if (event.shiftKey || event.key === "Shift") take();
  });
}
