import { h } from '../dom.js';
import { parts } from '../format.js';
import { list } from '../list.js';
import { code, copyButton, facts, nothing, reference, time } from '../pieces.js';

const intents = item => parts(item.intents);

export const outbox = list({
  name: 'outbox',
  title: 'Outbox',
  singular: 'Mail',
  key: 'm',
  path: '/_mock/outbox',
  // The server keeps a bounded number of mails and lists them all.
  isWhole: true,
  matches: (item, { search = '' }) => `${item.to} ${item.subject} ${item.organization_id}`.toLowerCase().includes(search.toLowerCase()),
  filters: [{ name: 'search', label: 'To or about', placeholder: 'Search' }],
  columns: [
    { head: 'To', class: 'main-cell half', cell: (app, item) => h('bdi', null, item.to) },
    { head: 'Subject', class: 'main-cell half spare', cell: (app, item) => h('bdi', null, item.subject) },
    { head: 'Opens', class: 'spare', cell: (app, item) => intents(item) },
    { head: 'Time', class: 'number', cell: (app, item) => time(app, item.created_at) },
  ],
  empty: () => nothing('No mail was sent.', 'Invite an IT contact, and the mail that WorkOS would send is here, with its setup link.'),
  heading: (app, item) => h('bdi', null, item.subject),
  // The link lets whoever has it in, so it can be used and copied but does not stand on the screen.
  detail: (app, item) => [
    h('div', { class: 'buttons' },
      h('a', { class: 'primary', href: item.link, target: '_blank', rel: 'noreferrer' }, 'Open the setup link'),
      copyButton(app, item.link, 'Copy the link')),
    facts([
      ['To', h('bdi', null, item.to)],
      ['Organization', reference(app, 'organizations', item.organization_id)],
      ['Opens on', intents(item)],
      ['Time', time(app, item.created_at)],
      ['IT contact', code(item.contact_id)],
      ['Id', code(item.id)],
    ]),
  ],
});
