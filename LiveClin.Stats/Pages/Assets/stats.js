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
    // The row on top is part of the address, so that a reload or the way back finds it again.
    showRow: (region, row, rows) => {
      const body = region.querySelector('tbody');
      const height = () => body.offsetHeight / Math.max(1, region.liveclinRows);
      region.liveclinRows = rows;
      // The height of all rows is known once some are drawn.
      requestAnimationFrame(() => { region.scrollTop = row * height(); });
      if (region.liveclinScroll) return;
      let pause;
      region.liveclinScroll = () => {
        clearTimeout(pause);
        pause = setTimeout(() => {
          if (!region.isConnected) return;
          const url = new URL(location.href);
          const first = Math.round(region.scrollTop / height());
          if (first > 0) url.searchParams.set('from', first + 1); else url.searchParams.delete('from');
          if (url.href !== location.href) history.replaceState(history.state, '', url);
        }, 250);
      };
      region.addEventListener('scroll', region.liveclinScroll, { passive: true });
    },
    focus: id => document.getElementById(id)?.focus(),
  };
})();
