import { h } from '../dom.js';
import { parts, words } from '../format.js';
import { list } from '../list.js';
import { code, countdown, facts, nothing, reference, state, time } from '../pieces.js';

const intents = item => parts(item.intents);
const ORGANIZATION = { name: 'organization_id', label: 'Organization', placeholder: 'org_…' };

/** How long a link or a session still opens, or that it does not. */
const left = (item, isOn) => isOn
  ? countdown(item.expires_at, 'expired')
  : h('span', { class: 'none' }, '–');

const isOpen = session => session.state === 'open';

// At the very instant of expiry a thing has expired; it is written to the millisecond, so it may lie a little later.
const expire = (app, item) => h('button', {
  type: 'button', onclick: () => app.change('PATCH', '/_mock/clock', { set: new Date(Date.parse(item.expires_at) + 1).toISOString() }),
}, 'Move the clock past its end');

export const links = list({
  name: 'links',
  title: 'Portal links',
  singular: 'Portal link',
  key: 'l',
  path: '/_mock/portal_links',
  filters: [ORGANIZATION],
  columns: [
    { head: 'Opens on', class: 'main-cell', cell: (app, item) => intents(item) },
    { head: 'State', cell: (app, item) => state(item.state) },
    { head: 'Left', class: 'number', cell: (app, item) => left(item, item.opens) },
    { head: 'Kind', class: 'spare', cell: (app, item) => words(item.kind) },
    { head: 'Organization', class: 'spare mono', cell: (app, item) => item.organization_id },
    { head: 'Made', class: 'number', cell: (app, item) => time(app, item.issued_at) },
  ],
  empty: () => nothing('No portal link was made yet.', 'Your app makes one for an admin of a customer who is to set something up.'),
  heading: (app, item) => intents(item),
  detail: (app, item) => [
    item.opens && h('div', { class: 'buttons' }, expire(app, item)),
    facts([
      ['State', state(item.state)],
      ['Left', item.opens && countdown(item.expires_at, 'expired')],
      ['Organization', reference(app, 'organizations', item.organization_id)],
      ['Kind', words(item.kind)],
      ['IT contact', item.contact_id && code(item.contact_id)],
      ['App’s user', item.external_user_id && code(item.external_user_id)],
      ['Made', time(app, item.issued_at)],
      ['Ends', time(app, item.expires_at)],
      ['Used', item.used_at && time(app, item.used_at)],
      ['Session', item.session_id && h('a', { href: app.link('sessions', item.session_id, { organization_id: item.organization_id }) }, h('code', null, item.session_id))],
      ['Return URL', item.return_url && code(item.return_url)],
      ['Success URL', item.success_url && code(item.success_url)],
      ['Id', code(item.id)],
    ]),
    h('p', { class: 'hint' }, 'The address of a link lets whoever has it in. Only the call that makes it tells it.'),
  ],
});

export const sessions = list({
  name: 'sessions',
  title: 'Portal sessions',
  singular: 'Portal session',
  key: 'p',
  path: '/_mock/portal_sessions',
  filters: [ORGANIZATION],
  columns: [
    { head: 'About', class: 'main-cell', cell: (app, item) => intents(item) },
    { head: 'State', cell: (app, item) => state(item.state) },
    { head: 'Left', class: 'number', cell: (app, item) => left(item, isOpen(item)) },
    { head: 'Organization', class: 'spare mono', cell: (app, item) => item.organization_id },
    { head: 'Opened', class: 'number', cell: (app, item) => time(app, item.opened_at) },
  ],
  empty: () => nothing('Nobody has opened a portal link.', 'When somebody does, the visit is here, and what has become of it.'),
  heading: (app, item) => intents(item),
  detail: (app, item) => [
    isOpen(item) && h('div', { class: 'buttons' }, expire(app, item)),
    facts([
      ['State', state(item.state)],
      ['Left', isOpen(item) && countdown(item.expires_at, 'expired')],
      ['Organization', reference(app, 'organizations', item.organization_id)],
      ['Link', h('a', { href: app.link('links', item.link_id, { organization_id: item.organization_id }) }, h('code', null, item.link_id))],
      ['Opened', time(app, item.opened_at)],
      ['Ends', time(app, item.expires_at)],
      ['Ended', item.ended_at && time(app, item.ended_at)],
      ['Led to', item.redirect_url && code(item.redirect_url)],
      ['Id', code(item.id)],
    ]),
  ],
});
