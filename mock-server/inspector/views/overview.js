import { h } from '../dom.js';
import { parts } from '../format.js';
import { copyButton, countdown, method, refusal, state, status, time } from '../pieces.js';
import { queue } from './deliveries.js';

const SHOWN = 6;

/** The newest of something, with a way to all of it. */
function newest(app, view, title, items, row, otherwise) {
  return h('section', { key: view, class: 'card newest' },
    h('div', { class: 'part-head' }, h('h2', null, title), h('a', { href: app.link(view) }, 'All')),
    items.length === 0
      ? h('p', { class: 'hint' }, otherwise)
      : h('ul', { class: 'lines' }, items.map(item => h('li', { key: item.id }, h('a', { href: app.link(view, item.id) }, row(item))))));
}

const target = request => [method(request.method), h('span', { class: 'mono grow' }, request.path), status(request.status)];
const first = () => `curl ${location.origin}/organizations -H "Authorization: Bearer $WORKOS_API_KEY"`;

export const overview = {
  name: 'overview',
  title: 'Overview',
  key: 'o',

  async load(app, route, signal) {
    const get = (path, query) => app.api.get(path, query, signal);
    const [requests, events, links, deliveries, pending, faults] = await Promise.all([
      get('/_mock/requests', { limit: SHOWN }),
      get('/_mock/events', { limit: SHOWN }),
      get('/_mock/portal_links', { limit: SHOWN }),
      get('/_mock/deliveries', { limit: SHOWN }),
      get('/_mock/deliveries/pending'),
      get('/_mock/faults'),
    ]);
    return { requests: requests.data, events: events.data, links: links.data, deliveries: deliveries.data, pending, faults: faults.data };
  },

  render(app, data, route, problem) {
    const active = data?.faults.filter(fault => fault.times === null || fault.fired < fault.times) ?? [];
    return [
      h('div', { key: 'head', class: 'head' }, h('h1', null, 'Overview')),
      problem && refusal(problem),
      active.length > 0 && h('p', { key: 'faults', class: 'alert alert-warn' },
        h('a', { href: app.link('faults') }, active.length === 1 ? 'One fault' : `${active.length} faults`), ' can make requests go wrong.'),
      data && queue(app, data.pending),
      data && h('div', { key: 'cards', class: 'cards cards-two' },
        newest(app, 'requests', 'Requests', data.requests, target, ['No request has come yet. ', copyButton(app, first, 'Copy a first request')]),
        newest(app, 'events', 'Events', data.events,
          item => [h('span', { class: 'mono grow' }, item.event), time(app, item.created_at)], 'Nothing has happened yet.'),
        newest(app, 'links', 'Portal links', data.links,
          item => [h('span', { class: 'grow' }, parts(item.intents)), item.opens && h('span', { class: 'hint' }, countdown(item.expires_at, 'expired')), state(item.state)],
          'No portal link was made yet.'),
        newest(app, 'deliveries', 'Deliveries', data.deliveries,
          item => [h('span', { class: 'mono grow' }, item.event), item.next_attempt_at && h('span', { class: 'hint' }, 'in ', countdown(item.next_attempt_at)), state(item.state)],
          'No webhook is on its way.')),
    ];
  },
};
