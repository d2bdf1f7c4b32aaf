import { h } from '../dom.js';
import { list } from '../list.js';
import { code, copyButton, facts, json, nothing, reference, section, time } from '../pieces.js';

// What an event is about, in a word that somebody knows it by.
function subject(event) {
  const { data } = event;
  const about = data.user ?? data.organization_domain ?? data;
  return about.name ?? about.domain ?? about.email ?? about.emails?.[0]?.value ?? about.id ?? data.id ?? data.sso?.connection_id ?? '';
}

const organizationOf = ({ data, event }) =>
  event.startsWith('organization.') ? data.id : data.organization_id ?? data.organization_domain?.organization_id ?? data.user?.organization_id ?? data.sso?.organization_id;

export const events = list({
  name: 'events',
  title: 'Events',
  singular: 'Event',
  key: 'e',
  path: '/_mock/events',
  one: id => `/_mock/events/${id}`,
  filters: [
    { name: 'event', label: 'Event', list: 'event-names', placeholder: 'connection.activated' },
    { name: 'organization_id', label: 'Organization', placeholder: 'org_…' },
  ],
  columns: [
    { head: 'Event', class: 'main-cell half', cell: (app, item) => h('span', { class: 'mono' }, item.event) },
    { head: 'About', class: 'main-cell half', cell: (app, item) => h('bdi', null, String(subject(item))) },
    { head: 'Id', class: 'spare mono', cell: (app, item) => item.id },
    { head: 'Time', class: 'number', cell: (app, item) => time(app, item.created_at) },
  ],
  empty: () => nothing('Nothing has happened yet.', 'Organizations, connections, directories and people leave events here as they come and change.'),
  heading: (app, item) => h('span', { class: 'mono' }, item.event),
  detail: (app, item) => [
    facts([
      ['Time', time(app, item.created_at)],
      ['Organization', organizationOf(item) && reference(app, 'organizations', organizationOf(item))],
      ['Deliveries', h('a', { href: app.link('deliveries', null, { event_id: item.id }) }, 'Those of this event')],
      ['Id', code(item.id)],
    ]),
    section('Data', [copyButton(app, () => JSON.stringify(item, null, 2), 'Copy JSON')], json(item.data)),
  ],
});
