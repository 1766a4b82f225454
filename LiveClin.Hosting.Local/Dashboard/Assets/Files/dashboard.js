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

  // Where the end of a followed log was when it was last scrolled to; a reader who scrolls up is left alone.
  const atEnd = new WeakMap();
  globalThis.liveclin = {
    isDark,
    setDark: dark => { localStorage.setItem(key, dark ? 'dark' : 'light'); apply(dark); },
    focus: id => document.getElementById(id)?.focus(),
    follow: (id, force) => {
      const element = document.getElementById(id);
      if (!element) return;
      if (!atEnd.has(element)) {
        atEnd.set(element, true);
        element.addEventListener('scroll', () => atEnd.set(element, element.scrollHeight - element.scrollTop - element.clientHeight < 60));
      }
      if (!force && !atEnd.get(element)) return;
      const toEnd = () => { element.scrollTop = element.scrollHeight; };
      toEnd();
      // Rows of virtualised lists are drawn a moment later and may be a little taller than was thought.
      setTimeout(() => { if (atEnd.get(element)) toEnd(); }, 150);
    },
  };
})();
