// Loaded at the top of the body, so that parts which need a script do not flicker. An inline
// script would do the same; the content security policy allows none.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("nhsuk-frontend-supported");
}
