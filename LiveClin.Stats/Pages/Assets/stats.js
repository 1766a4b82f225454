// Runs before the page is painted: the theme's background must not flash.
'use strict';
(() => {
  const key = 'liveclin-theme';
  const isDark = () => {
    const stored = localStorage.getItem(key);
    return stored ? stored === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  };
  const apply = dark => document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  apply(isDark());

  globalThis.liveclin = {
    isDark,
    setDark: dark => { localStorage.setItem(key, dark ? 'dark' : 'light'); apply(dark); },
    focus: id => document.getElementById(id)?.focus(),
  };
})();
