// Sets the theme before the first paint. A file of its own because the content
// security policy forbids inline scripts; not a module because those are deferred.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem("aegis-theme");
  } catch {
    // Storage can be refused by the browser; the system's theme is then used.
  }
  var dark =
    choice === "dark" ||
    (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
