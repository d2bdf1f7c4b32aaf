import { confirm } from '../dialogs.js';
import { h } from '../dom.js';
import { words } from '../format.js';
import { code, field, nothing, refusal, status } from '../pieces.js';

const STATUSES = [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504];
const DAMAGE = ['slow_body', 'truncated_body', 'connection_reset', 'wrong_content_type'];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map(name => [name, name]);

const pattern = fault => [fault.operation, fault.method, fault.path, fault.resource].filter(Boolean);

function ordinal(number) {
  const isTeen = Math.floor(number / 10) % 10 === 1;
  return `${number}${isTeen ? 'th' : ['th', 'st', 'nd', 'rd'][number % 10] ?? 'th'}`;
}

function happens(fault) {
  if (fault.always) return 'Always';
  if (fault.every !== null) return fault.every === 1 ? 'Always' : `Every ${ordinal(fault.every)}`;
  const left = Math.max(fault.times - fault.fired, 0);
  return left === 0 ? 'Run out' : `${left} more time${left === 1 ? '' : 's'}`;
}

const effect = fault => h('div', { class: 'effects' },
  fault.status !== null && [status(fault.status), fault.retry_after !== null && h('span', { class: 'hint' }, `retry after ${fault.retry_after} s`)],
  fault.latency !== null && h('span', { class: 'state state-plain' }, `+${fault.latency.replace('PT', '').toLowerCase()}`),
  fault.damage !== null && h('span', { class: 'state state-bad' }, words(fault.damage)));

/** The form as the body of a call: what is left empty is left out. */
function read(elements) {
  const body = {};
  for (const name of ['operation', 'method', 'path', 'resource', 'latency', 'damage']) {
    const value = elements[name].value.trim();
    if (value) body[name] = value;
  }
  for (const name of ['status', 'retry_after']) if (elements[name].value) body[name] = Number(elements[name].value);
  const when = elements.when.value;
  if (when === 'always') body.always = true;
  else if (elements.count.value) body[when] = Number(elements.count.value);
  return body;
}

function form(app) {
  const add = async event => {
    event.preventDefault();
    const { target } = event;
    if (await app.change('POST', '/_mock/faults', read(target.elements))) {
      target.reset();
      app.put({ faultProblem: null });
      target.elements.operation.focus();
    } else {
      app.put({ faultProblem: app.lastProblem });
    }
  };
  return h('form', { key: 'form', class: 'card form', onsubmit: add, 'aria-label': 'Add a fault' },
    h('h2', null, 'Add a fault'),
    h('div', { class: 'grid' },
      field('Operation', { name: 'operation', list: 'operations', placeholder: 'generate_portal_link' }),
      field('Path', { name: 'path', placeholder: '/organizations/{id}' }),
      field('Method', { name: 'method' }, [['', 'Any'], ...METHODS]),
      field('Resource', { name: 'resource', placeholder: 'org_…' })),
    h('div', { class: 'grid' },
      field('Status', { name: 'status' }, [['', 'As it is'], ...STATUSES.map(each => [String(each), String(each)])]),
      field('Retry after (s)', { name: 'retry_after', type: 'number', min: '0', max: '86400' }),
      field('Latency', { name: 'latency', placeholder: '2 seconds' }),
      field('Damage', { name: 'damage' }, [['', 'None'], ...DAMAGE])),
    h('div', { class: 'grid' },
      field('When', { name: 'when' }, [['times', 'The next'], ['every', 'Every n-th'], ['always', 'Always']]),
      field('Count', { name: 'count', type: 'number', min: '1', max: '1000000', placeholder: '1' }),
      h('div', { class: 'buttons end wide' }, h('button', { type: 'submit', class: 'primary' }, 'Add'))),
    app.faultProblem && refusal(app.faultProblem));
}

function table(app, all) {
  if (all.length === 0) return nothing('Nothing goes wrong.', 'A fault lets requests fail, come late, or break off, and counts how often it did.');
  return h('div', { key: 'table', class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Faults' },
    h('table', null,
      h('thead', null, h('tr', null, ['Requests', 'What happens', 'When', 'Fired', ''].map(head =>
        head === '' ? h('td', { key: 'last' }) : h('th', { key: head, scope: 'col', class: head === 'Fired' ? 'number' : undefined }, head)))),
      h('tbody', null, all.map(fault => h('tr', { key: fault.id },
        h('td', { class: 'main-cell' }, pattern(fault).map(each => [code(each), ' '])),
        h('td', null, effect(fault)),
        h('td', null, happens(fault)),
        h('td', { class: 'number' }, `${fault.fired} of ${fault.seen}`),
        h('td', { class: 'number' }, h('button', {
          type: 'button', class: 'small', 'aria-label': `Remove the fault for ${pattern(fault).join(' ')}`,
          onclick: () => app.change('DELETE', `/_mock/faults/${fault.id}`),
        }, 'Remove')))))));
}

async function clear(app) {
  const title = 'Remove every fault?';
  if (await confirm({ title, text: 'Those that still were to fire will not.', action: 'Remove all' })) app.change('DELETE', '/_mock/faults');
}

const LIMITS = [['all', 'All requests, for each key'], ['delete_organization', 'Deleting organizations'], ['directory_users', 'Directory users, for each directory']];

function limits(app, { rate_limits: set, limits: inForce }) {
  const put = rate_limits => app.change('PUT', '/_mock/rate_limits', { rate_limits });
  const own = event => {
    event.preventDefault();
    const { requests, per } = event.target.elements;
    put({ all: { requests: Number(requests.value), per: per.value.trim() } });
  };
  return h('section', { key: 'limits', class: 'card' }, h('h2', null, 'Rate limits'),
    h('dl', { class: 'facts' }, LIMITS.map(([name, label]) => h('div', { key: name }, h('dt', null, label),
      h('dd', null, inForce[name] ? `${inForce[name].requests} in ${inForce[name].per.replace('PT', '').toLowerCase()}` : 'Unlimited')))),
    h('div', { class: 'buttons' },
      h('button', { type: 'button', 'aria-pressed': String(set === 'off'), onclick: () => put('off') }, 'Off'),
      h('button', { type: 'button', 'aria-pressed': String(set === 'production'), onclick: () => put('production') }, 'As WorkOS documents them')),
    h('form', { class: 'line', onsubmit: own },
      field('Requests', { name: 'requests', type: 'number', min: '1', required: true, placeholder: '2' }),
      field('In', { name: 'per', required: true, placeholder: 'PT1M' }),
      h('button', { type: 'submit' }, 'Limit')));
}

export const faults = {
  name: 'faults',
  title: 'Faults and limits',
  key: 'f',

  async load(app, route, signal) {
    const [all, rates] = await Promise.all([
      app.api.get('/_mock/faults', {}, signal),
      app.api.get('/_mock/rate_limits', {}, signal),
    ]);
    return { all: all.data, rates };
  },

  render(app, data, route, problem) {
    return [
      h('div', { key: 'head', class: 'head' }, h('h1', null, 'Faults and limits'),
        h('div', { class: 'buttons' }, data?.all.length > 0 && h('button', { type: 'button', class: 'small', onclick: () => clear(app) }, 'Remove all'))),
      problem && refusal(problem),
      data && table(app, data.all),
      data && h('div', { key: 'cards', class: 'cards cards-wide' }, form(app), limits(app, data.rates)),
    ];
  },
};
