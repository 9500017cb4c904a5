// Runs before the first paint, so that a page never flashes in the other theme. src/theme/theme.ts does the rest.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('recollect.theme');
  } catch {
    // Storage may be forbidden; the system's theme will do.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
