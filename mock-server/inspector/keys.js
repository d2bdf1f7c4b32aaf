// Keys for whoever keeps their hands on the keyboard. None of them does anything while something is being typed.

import { help } from './dialogs.js';

const PATIENCE = 1200;

export function listenToKeys(app, views) {
  let isGoing = false;
  let timer = null;
  const rows = () => [...document.querySelectorAll('a.row')];
  const page = key => document.querySelector(`a[data-page="${key}"]`)?.click();

  const move = by => {
    const all = rows();
    const at = all.indexOf(document.activeElement.closest?.('tr')?.querySelector('a.row'));
    const chosen = all.findIndex(row => row.getAttribute('aria-current') === 'true');
    const from = at >= 0 ? at : chosen;
    const to = from < 0 ? 0 : Math.min(Math.max(from + by, 0), all.length - 1);
    all[to]?.focus();
    // With something open, the next one opens in its place.
    if (app.route.id && all[to]) all[to].click();
  };

  const actions = {
    j: () => move(1),
    k: () => move(-1),
    '/': () => document.querySelector('.filters input, .filters select')?.focus(),
    '[': () => page('newer'),
    ']': () => page('older'),
    '.': () => app.pause(!app.isPaused),
    '?': () => help(views),
    Escape: () => {
      if (app.route.id) close(app, rows);
    },
  };

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const { target, key } = event;
    if (target.matches?.('input, select, textarea')) {
      if (key === 'Escape') target.blur();
      return;
    }
    const view = isGoing && views.find(each => each.key === key);
    clearTimeout(timer);
    isGoing = key === 'g' && !isGoing;
    if (isGoing) timer = setTimeout(() => { isGoing = false; }, PATIENCE);
    const act = view ? () => app.go(view.name) : actions[key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}

function close(app, rows) {
  const { view, id, query } = app.route;
  app.go(view, null, query);
  rows().find(row => row.getAttribute('href')?.includes(id))?.focus();
}
