import { confirm, tell } from '../dialogs.js';
import { h } from '../dom.js';
import { code, copyButton, facts, field, refusal, state, time } from '../pieces.js';

const ROWS = 25;

/** How a key begins and ends; a short one shows nothing of itself. */
const hintOf = key => key.hint === '…' ? h('span', { class: 'hint' }, 'hidden') : code(key.hint);

/** What an environment is called among others. */
export function nameOf(environment) {
  const key = environment.keys.find(each => !each.revoked)?.hint;
  const hint = key && key !== '…' ? ` · ${key}` : '';
  return `${environment.is_default ? 'Default' : environment.id.slice(-8)}${hint}`;
}

async function make(app, event) {
  event.preventDefault();
  const { clock, seed, organization } = event.target.elements;
  const body = {};
  if (clock.value) body.clock = new Date(`${clock.value}Z`).toISOString();
  if (seed.value) body.random_seed = Number(seed.value);
  if (organization.checked) body.test_organization = true;
  const made = await app.change('POST', '/_mock/environments', body);
  if (!made) return;
  await app.loadEnvironments();
  await tell({
    title: 'The environment is made',
    text: 'Its key is told only now: copy it if your app is to use this environment.',
    buttons: close => [
      copyButton(app, made.api_key, 'Copy its key'),
      h('button', { type: 'button', onclick: () => { close(); app.use(made.id); } }, 'Look at it'),
    ],
  });
}

async function reset(app, environment) {
  const text = 'Its data, clock, faults and limits become what they were at first. Its keys stay.';
  if (!await confirm({ title: `Reset ${environment.is_default ? 'the default environment' : 'this environment'}?`, text, action: 'Reset' })) return;
  const { api } = app;
  const shown = api.environment;
  // The call is about the environment that its header names.
  api.environment = environment.is_default ? null : environment.id;
  const call = app.change('POST', '/_mock/reset');
  api.environment = shown;
  await call;
}

async function remove(app, environment) {
  const text = 'All that is in it goes with it, and its keys open nothing any more.';
  if (!await confirm({ title: 'Delete this environment?', text, action: 'Delete' })) return;
  const done = await app.change('DELETE', `/_mock/environments/${environment.id}`);
  if (!done) return;
  if (app.api.environment === environment.id) app.use(null);
  app.loadEnvironments();
}

function row(app, environment) {
  const isShown = environment.is_default ? app.api.environment === null : app.api.environment === environment.id;
  return h('tr', { key: environment.id, class: isShown ? 'chosen' : '' },
    h('td', { class: 'main-cell' },
      h('a', { class: 'row', href: app.link('overview', null, {}, environment.is_default ? null : environment.id), 'aria-current': isShown ? 'true' : undefined },
        h('span', { class: 'mono' }, environment.id)), ' ', environment.is_default && state('default')),
    h('td', { class: 'spare' }, environment.keys.filter(key => !key.revoked).map(key => [hintOf(key), ' ', key.permissions === 'read_only' && 'reads only '])),
    h('td', { class: 'number' }, time(app, environment.now)),
    h('td', { class: 'number buttons end' },
      h('button', { type: 'button', class: 'small', onclick: () => reset(app, environment) }, 'Reset'),
      !environment.is_default && h('button', { type: 'button', class: 'small', onclick: () => remove(app, environment) }, 'Delete')));
}

function pages(app, { list_metadata: { after } }, route) {
  if (!after && !route.query.after) return null;
  return h('nav', { key: 'pager', class: 'pager', 'aria-label': 'Pages' },
    route.query.after ? h('a', { key: 'first', class: 'small', 'data-page': 'newer', href: app.link('environments') }, 'First') : h('span', { key: 'first', class: 'small off' }, 'First'),
    after ? h('a', { key: 'next', class: 'small', 'data-page': 'older', href: app.link('environments', null, { after }) }, 'Next') : h('span', { key: 'next', class: 'small off' }, 'Next'));
}

export const environments = {
  name: 'environments',
  title: 'Environments',
  key: 'n',

  async load(app, route, signal) {
    const [page, keys] = await Promise.all([
      app.api.get('/_mock/environments', { limit: ROWS, after: route.query.after }, signal),
      app.api.get('/_mock/keys', {}, signal),
    ]);
    return { page, keys };
  },

  render(app, data, route, problem) {
    return [
      h('div', { key: 'head', class: 'head' }, h('h1', null, 'Environments')),
      problem && refusal(problem),
      data && h('div', { key: 'table', class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Environments' },
        h('table', null,
          h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Environment'), h('th', { scope: 'col', class: 'spare' }, 'Keys'), h('th', { scope: 'col', class: 'number' }, 'Its time'), h('td'))),
          h('tbody', null, data.page.data.map(each => row(app, each))))),
      data && pages(app, data.page, route),
      h('div', { key: 'cards', class: 'cards' },
        h('form', { class: 'card form', onsubmit: event => make(app, event), 'aria-label': 'Make an environment' },
          h('h2', null, 'Make one'),
          h('div', { class: 'grid' },
            field('Clock stands at (UTC)', { name: 'clock', type: 'datetime-local', step: '1' }),
            field('Random seed', { name: 'seed', type: 'number', min: '0', placeholder: 'Any' })),
          h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'organization' }), h('span', null, 'With an organization to try things on')),
          h('div', { class: 'buttons end' }, h('button', { type: 'submit', class: 'primary' }, 'Make'))),
        h('form', {
          class: 'card form', 'aria-label': 'Go to an environment',
          onsubmit: event => {
            event.preventDefault();
            app.use(event.target.elements.id.value.trim());
          },
        },
        h('h2', null, 'Go to one'),
        field('Id', { name: 'id', required: true, placeholder: 'environment_…', pattern: 'environment_[0-9A-Z]{26}' }),
        h('div', { class: 'buttons end' }, h('button', { type: 'submit' }, 'Go')))),
      data && h('section', { key: 'keys', class: 'card' }, h('h2', null, 'Keys to the one that is shown'),
        facts(data.keys.data.map(key => [key.id, [hintOf(key), ' · ', key.permissions === 'read_only' ? 'reads only' : 'full', key.revoked && [' ', state('revoked')],
          key.expires_at && [h('span', { class: 'hint' }, ' until '), time(app, key.expires_at)]]]))),
    ];
  },
};
