import { h } from '../dom.js';
import { words } from '../format.js';
import { list } from '../list.js';
import { code, copyButton, facts, nothing, section, state, time } from '../pieces.js';

const domains = item => item.domains.map(each => each.domain).join(', ');

function counts(item) {
  const all = [
    [item.connection_count, 'connection'], [item.directory_count, 'directory'], [item.it_contact_count, 'IT contact'],
    [item.log_stream ? 1 : 0, 'log stream'], [item.byok_key ? 1 : 0, 'key of its own'],
  ];
  const several = { directory: 'directories' };
  return all.filter(([count]) => count > 0)
    .map(([count, name]) => count === 1 ? `1 ${name}` : `${count} ${several[name] ?? `${name}s`}`).join(', ');
}

/** Things of one kind that an organization has, each with its name, its state and what more there is to say. */
function things(title, items, describe) {
  if (items.length === 0) return null;
  return section(`${title} (${items.length})`, null, h('ul', { class: 'things' }, items.map(item => {
    const { name, state: progress, about, id } = describe(item);
    return h('li', { key: id }, h('div', null, h('bdi', { class: 'thing-name' }, name), progress && state(progress)),
      h('div', { class: 'hint' }, about && `${about} · `, h('span', { class: 'mono' }, id)));
  })));
}

const people = ({ metadata }) => {
  const users = metadata?.users?.active ?? 0;
  const groups = metadata?.groups ?? 0;
  return `${users} active user${users === 1 ? '' : 's'}, ${groups} group${groups === 1 ? '' : 's'}`;
};

const line = item => `curl ${location.origin}/portal/generate_link \\\n  -H "Authorization: Bearer $WORKOS_API_KEY" \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify({ organization: item.id, intent: 'sso' })}'`;

export const organizations = list({
  name: 'organizations',
  title: 'Organizations',
  singular: 'Organization',
  key: 'a',
  path: '/_mock/organizations',
  one: id => `/_mock/organizations/${id}`,
  // A row says how much there is, the organization itself what.
  hasMore: true,
  filters: [{ name: 'search', label: 'Name', placeholder: 'Search' }],
  columns: [
    { head: 'Name', class: 'main-cell half', cell: (app, item) => h('bdi', null, item.name) },
    { head: 'Domains', class: 'main-cell half spare', cell: (app, item) => domains(item) || h('span', { class: 'none' }, '–') },
    { head: 'Has', cell: (app, item) => counts(item) || h('span', { class: 'none' }, 'nothing yet') },
    { head: 'Links', class: 'number spare', cell: (app, item) => item.portal_link_count },
    { head: 'Made', class: 'number', cell: (app, item) => time(app, item.created_at) },
  ],
  empty: app => nothing('There is no organization yet.', 'Your app makes one for each of its customers.',
    copyButton(app, `curl ${location.origin}/organizations -H "Authorization: Bearer $WORKOS_API_KEY" -H 'Content-Type: application/json' -d '{"name": "Acme"}'`, 'Copy a call that makes one')),
  heading: (app, item) => h('bdi', null, item.name),
  detail: (app, item) => [
    h('div', { class: 'buttons' }, copyButton(app, line(item), 'Copy a call for a portal link', 'Copied as curl')),
    facts([
      ['Id', code(item.id)],
      ['External id', item.external_id && code(item.external_id)],
      ['Portal', [
        h('a', { href: app.link('links', null, { organization_id: item.id }) }, `${item.portal_link_count} link${item.portal_link_count === 1 ? '' : 's'}`), ', ',
        h('a', { href: app.link('sessions', null, { organization_id: item.id }) }, `${item.portal_session_count} session${item.portal_session_count === 1 ? '' : 's'}`)]],
      ['Events', h('a', { href: app.link('events', null, { organization_id: item.id }) }, 'Those of this organization')],
      ['Made', time(app, item.created_at)],
      ['Changed', time(app, item.updated_at)],
    ]),
    things('Domains', item.domains, each => ({ name: each.domain, state: each.state, id: each.id })),
    things('Connections', item.connections, each => ({ name: each.name, state: each.state, about: each.connection_type, id: each.id })),
    things('Directories', item.directories, each => ({ name: each.name, state: each.state, about: `${each.type}, ${people(each)}`, id: each.id })),
    things('IT contacts', item.it_contacts, each => ({ name: each.email, id: each.id })),
    things('Log stream', item.log_stream ? [item.log_stream] : [], each => ({ name: words(each.type), state: each.state, id: each.id })),
    things('Key of its own', item.byok_key ? [item.byok_key] : [], each => ({ name: words(each.key_provider), state: each.state, id: each.id })),
  ],
});
