// Runs before the page is painted: the theme's background must not flash.
'use strict';
(() => {
  const key = 'liveclin-theme';
  const root = document.documentElement;
  const isDark = () => {
    const stored = localStorage.getItem(key);
    return stored ? stored === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  };
  const apply = dark => root.dataset.theme = dark ? 'dark' : 'light';
  apply(isDark());

  globalThis.liveclin = {
    // Asked once, when the live connection has taken the page over.
    isDark: () => { root.dataset.interactive = 'yes'; return isDark(); },
    setDark: dark => { localStorage.setItem(key, dark ? 'dark' : 'light'); apply(dark); },
    focus: id => document.getElementById(id)?.focus(),
  };
})();
