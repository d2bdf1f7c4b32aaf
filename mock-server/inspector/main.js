// The page around the views: where one is, what time it is there, and what was done.

import { App } from './app.js';
import { curlOfChange } from './api.js';
import { help } from './dialogs.js';
import { h, patch } from './dom.js';
import { day, timeOfDay } from './format.js';
import { listenToKeys } from './keys.js';
import { copyButton, nothing, status } from './pieces.js';
import { clock } from './views/clock.js';
import { deliveries, logStreams } from './views/deliveries.js';
import { environments, nameOf } from './views/environments.js';
import { events } from './views/events.js';
import { faults } from './views/faults.js';
import { organizations } from './views/organizations.js';
import { outbox } from './views/outbox.js';
import { overview } from './views/overview.js';
import { links, sessions } from './views/portal.js';
import { requests } from './views/requests.js';

const GROUPS = [
  ['Traffic', [overview, requests, events, deliveries, logStreams]],
  ['Data', [organizations, links, sessions, outbox]],
  ['Steering', [clock, faults, environments]],
];
const VIEWS = GROUPS.flatMap(([, views]) => views);

const LIVE = { live: 'Live', connecting: 'Connecting', lost: 'No connection', paused: 'Paused' };
const STEPS = [['+1 min', 'PT1M'], ['+5 min', 'PT5M'], ['+1 h', 'PT1H'], ['+1 day', 'PT24H']];

const root = document.getElementById('inspector');

function draw(app) {
  patch(root, [
    h('header', { key: 'top', class: 'top' }, brand(), chooser(app), time(app), live(app)),
    navigation(app),
    h('main', { key: 'main', id: 'main', tabindex: '-1', class: `view view-${app.view.name}` }, content(app)),
    log(app),
    h('p', { key: 'said', class: 'said', role: 'status' }, app.said),
  ]);
}

function content(app) {
  if (app.lost) {
    return [nothing('This environment is not there any more.', h('code', null, app.lost),
      h('button', { type: 'button', class: 'primary', onclick: () => app.use(null) }, 'Look at the default one'))];
  }
  if (app.data === null && app.problem === null && !app.view.drawsAtOnce) return [h('p', { class: 'loading' }, 'Loading…')];
  return app.view.render(app, app.data, app.route, app.problem);
}

function brand() {
  return h('a', { class: 'brand', href: '#/overview' },
    h('svg', { viewBox: '0 0 20 20', width: '20', height: '20', 'aria-hidden': 'true' },
      h('path', { d: 'M3 17V6.5a7 7 0 0 1 14 0V17', fill: 'none', stroke: 'currentColor', 'stroke-width': '2', 'stroke-linecap': 'round' }),
      h('circle', { cx: '10', cy: '10', r: '2.6', fill: 'currentColor' })),
    h('span', null, 'Inspector'));
}

function chooser(app) {
  const known = app.environments?.data ?? [];
  const chosen = app.api.environment ?? '';
  const options = known.map(each => [each.is_default ? '' : each.id, nameOf(each)]);
  if (!options.some(([value]) => value === chosen)) options.unshift([chosen, chosen || 'Default']);
  return h('label', { class: 'chooser' }, h('span', { class: 'unseen' }, 'Environment'),
    h('select', {
      name: 'environment', value: chosen,
      onfocus: () => app.loadEnvironments(),
      onchange: event => {
        if (event.target.value === 'all') {
          event.target.value = chosen;
          app.go('environments');
        } else {
          app.use(event.target.value || null);
        }
      },
    }, options.map(([value, text]) => h('option', { key: value, value }, text)),
    h('option', { key: 'all', value: 'all' }, 'All environments…')));
}

function time(app) {
  const { clock: shown } = app;
  const step = ([label, advance]) => h('button', {
    key: advance, type: 'button', class: 'small', disabled: !shown, 'aria-label': `Advance the clock by ${label.slice(1)}`,
    onclick: () => app.change('PATCH', '/_mock/clock', { advance }),
  }, label);
  return h('div', { class: 'time', role: 'group', 'aria-label': 'The environment’s clock' },
    h('a', { class: 'now', href: app.link('clock') },
      h('span', { class: 'now-time', opaque: true, 'data-now': 'time' }), h('span', { class: 'now-day', opaque: true, 'data-now': 'day' })),
    STEPS.map(step),
    h('button', {
      key: 'freeze', type: 'button', class: 'small', disabled: !shown, 'aria-pressed': String(shown?.frozen ?? false),
      onclick: () => app.change('PATCH', '/_mock/clock', { frozen: !shown.frozen }),
    }, 'Freeze'));
}

function live(app) {
  const state = app.isPaused ? 'paused' : app.live;
  const text = state === 'paused' && app.hasMissed ? 'Paused, with news' : LIVE[state];
  return h('div', { class: 'live' },
    h('span', { class: `dot dot-${state}`, 'aria-hidden': 'true' }), h('span', { class: 'live-text' }, text),
    h('button', { type: 'button', class: 'small', onclick: () => app.pause(!app.isPaused), 'aria-pressed': String(app.isPaused), 'aria-label': 'Pause live updates' },
      app.isPaused ? 'Go on' : 'Pause'));
}

function navigation(app) {
  const item = view => h('li', { key: view.name },
    h('a', { href: app.link(view.name), 'aria-current': view.name === app.route.view ? 'page' : undefined }, view.title));
  return h('nav', { key: 'nav', class: 'side', 'aria-label': 'Views' },
    GROUPS.map(([name, views]) => h('div', { key: name, class: 'side-group' }, h('p', null, name), h('ul', null, views.map(item)))),
    h('div', { key: 'more', class: 'side-more' },
      h('a', { href: '/_mock/docs' }, 'Control API'),
      h('button', { type: 'button', class: 'plain', onclick: () => help(VIEWS) }, 'Keys')));
}

function log(app) {
  const { log: entries } = app.api;
  const line = entry => h('li', { key: entry.number, class: 'entry' },
    h('span', { class: 'entry-call' }, `${entry.method} ${entry.path}${entry.body === undefined ? '' : ` ${JSON.stringify(entry.body)}`}`),
    entry.status === null ? h('span', { class: 'state' }, '…') : entry.status === 0 ? h('span', { class: 'state state-bad' }, 'failed') : status(entry.status),
    entry.message && h('span', { class: 'entry-message' }, entry.message),
    copyButton(app, () => curlOfChange(entry, Boolean(app.api.token)), 'Copy as curl', 'Copied as curl'));
  return h('footer', { key: 'log', class: app.isLogOpen ? 'log log-open' : 'log', 'aria-label': 'Control calls of this page' },
    entries.length === 0
      ? h('p', { key: 'none' }, 'What this page changes is a control call, and is written here.')
      : [
        h('button', { key: 'fold', type: 'button', class: 'small', 'aria-expanded': String(app.isLogOpen), onclick: () => app.put({ isLogOpen: !app.isLogOpen }) },
          app.isLogOpen ? 'Less' : `All ${app.api.made}`),
        h('ol', { key: 'entries', 'aria-live': 'polite', tabindex: app.isLogOpen ? '0' : undefined, 'aria-label': 'Control calls' },
          (app.isLogOpen ? entries : entries.slice(0, 1)).map(line)),
      ]);
}

const app = new App(VIEWS, draw);
app.onTick = now => {
  for (const node of document.querySelectorAll('[data-now]')) {
    const text = node.dataset.now === 'day' ? `${day(now)} UTC` : timeOfDay(now);
    if (node.textContent !== text) node.textContent = text;
  }
};
listenToKeys(app, VIEWS);
// What stands behind the hash is the view, so the way to the content is gone without one.
document.querySelector('.skip').onclick = event => {
  event.preventDefault();
  document.getElementById('main')?.focus();
};
app.start();
