// Starts the NHS components. Every page works without it.
import { initAll } from "../nhsuk/nhsuk-frontend.js";

initAll();

// A second press of the button must not send a form twice; one that gives a file may give it again.
for (const form of document.querySelectorAll("form[method=post]:not([data-gives-file])")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent === "yes") event.preventDefault();
    form.dataset.sent = "yes";
  });
}
// Coming back with the Back button shows the page as it was left; it may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
