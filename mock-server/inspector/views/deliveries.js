import { h } from '../dom.js';
import { took } from '../format.js';
import { list } from '../list.js';
import { code, copyButton, countdown, facts, headers, json, nothing, reference, section, state, status, time } from '../pieces.js';

const STATES = ['due', 'held', 'waiting', 'sending', 'delivered', 'failed', 'not_dialled', 'cancelled'];

/** What is still to be sent, and what stops it. */
export function queue(app, pending) {
  const { paused, under_way: now, waiting, next_at: next } = pending;
  const words = [now > 0 && `${now} under way`, waiting > 0 && `${waiting} waiting`].filter(Boolean).join(', ');
  return h('p', { key: 'queue', class: 'queue' },
    paused && h('span', { key: 'paused', class: 'state state-warn' }, 'Sending is paused'),
    h('span', { key: 'words' }, words || 'Nothing is to be sent.'),
    next && waiting > 0 && h('span', { key: 'next', class: 'hint' }, 'The next in ', countdown(next)));
}

const pauses = (app, data) => data && h('button', {
  type: 'button', class: 'small', 'aria-pressed': String(data.more.paused),
  onclick: () => app.change('POST', data.more.paused ? '/_mock/deliveries/resume' : '/_mock/deliveries/pause'),
}, data.more.paused ? 'Resume sending' : 'Pause sending');

const last = item => item.attempts.at(-1);

function outcome(attempt) {
  if (!attempt) return h('span', { class: 'none' }, '–');
  return attempt.status === null ? h('span', { class: 'state state-bad' }, attempt.error ?? 'failed') : status(attempt.status);
}

/** An attempt: what was sent and what came back. */
function attempts(app, item) {
  const { attempts: all } = item;
  if (all.length === 0) return section('Attempts', null, h('p', { class: 'hint' }, 'None yet.'));
  return section(`Attempts (${all.length})`, null, all.toReversed().map((attempt, index) =>
    h('details', { key: attempt.number, class: 'fold attempt', open: index === 0 },
      h('summary', null, h('span', null, `${attempt.number}.`), outcome(attempt), h('span', { class: 'hint' }, took(attempt.duration_ms)), time(app, attempt.attempted_at)),
      facts([['To', h('span', { class: 'mono' }, `${attempt.request.method} ${attempt.request.url}`)]]),
      headers(attempt.request.headers),
      attempt.response_body && [h('p', { class: 'hint' }, 'Answered'), json(attempt.response_body)],
      attempt.response_truncated && h('p', { class: 'hint' }, 'There was more of it.'))));
}

function sent(app, item) {
  const text = last(item)?.request.body ?? item.request?.body;
  if (!text) return null;
  return section('Body', [copyButton(app, text, 'Copy')], json(parsed(text)));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const resend = (app, path) => h('button', { type: 'button', class: 'primary', onclick: () => app.change('POST', `${path}/resend`) }, 'Resend');

const when = (app, item) => item.next_attempt_at ? h('span', { class: 'hint' }, 'in ', countdown(item.next_attempt_at, 'now')) : outcome(last(item));

export const deliveries = list({
  name: 'deliveries',
  title: 'Deliveries',
  singular: 'Delivery',
  key: 'd',
  path: '/_mock/deliveries',
  one: id => `/_mock/deliveries/${id}`,
  more: (app, signal) => app.api.get('/_mock/deliveries/pending', {}, signal),
  tools: pauses,
  above: (app, data) => queue(app, data.more),
  filters: [
    { name: 'event', label: 'Event', list: 'event-names', placeholder: 'dsync.user.created' },
    { name: 'state', label: 'State', options: STATES },
    { name: 'endpoint_id', label: 'Endpoint', placeholder: 'we_…' },
    { name: 'event_id', label: 'Event id', placeholder: 'event_…' },
  ],
  columns: [
    { head: 'Event', class: 'main-cell', cell: (app, item) => h('span', { class: 'mono' }, item.event) },
    { head: 'State', cell: (app, item) => state(item.state) },
    { head: 'Outcome', cell: when },
    { head: 'Attempts', class: 'number spare', cell: (app, item) => item.attempts.length },
    { head: 'Endpoint', class: 'spare mono', cell: (app, item) => item.endpoint_id },
    { head: 'Time', class: 'number', cell: (app, item) => time(app, item.created_at) },
  ],
  empty: () => nothing('No webhook is on its way.', 'Make a webhook endpoint, and every event that it is subscribed to is delivered to it.'),
  heading: (app, item) => h('span', { class: 'mono' }, item.event),
  detail: (app, item) => [
    h('div', { class: 'buttons' }, resend(app, `/_mock/deliveries/${item.id}`)),
    facts([
      ['State', [state(item.state), item.reason && h('span', { class: 'hint' }, ` ${item.reason}`)]],
      ['Next attempt', item.next_attempt_at && [time(app, item.next_attempt_at), h('span', { class: 'hint' }, ' in ', countdown(item.next_attempt_at))]],
      ['Event', reference(app, 'events', item.event_id)],
      ['Endpoint', code(item.endpoint_id)],
      ['Cause', item.cause],
      ['Id', code(item.id)],
    ]),
    attempts(app, item),
    sent(app, item),
  ],
});

export const logStreams = list({
  name: 'log-streams',
  title: 'Log streams',
  singular: 'Delivery through a log stream',
  key: 's',
  path: '/_mock/log_stream_deliveries',
  one: id => `/_mock/log_stream_deliveries/${id}`,
  filters: [
    { name: 'organization_id', label: 'Organization', placeholder: 'org_…' },
    { name: 'state', label: 'State', options: ['due', 'waiting', 'blocked', 'sending', 'delivered', 'failed', 'cancelled'] },
  ],
  columns: [
    { head: 'Action', class: 'main-cell', cell: (app, item) => h('span', { class: 'mono' }, item.event) },
    { head: 'State', cell: (app, item) => state(item.state) },
    { head: 'Outcome', cell: when },
    { head: 'Stream', class: 'spare mono', cell: (app, item) => item.log_stream_id },
    { head: 'Time', class: 'number', cell: (app, item) => time(app, item.created_at) },
  ],
  empty: () => nothing('Nothing has gone through a log stream.', 'Once an organization streams its audit log, what is logged shows here as it is sent.'),
  heading: (app, item) => h('span', { class: 'mono' }, item.event),
  detail: (app, item) => [
    h('div', { class: 'buttons' }, resend(app, `/_mock/log_stream_deliveries/${item.id}`)),
    facts([
      ['State', [state(item.state), item.reason && h('span', { class: 'hint' }, ` ${item.reason}`)]],
      ['Organization', item.organization_id && reference(app, 'organizations', item.organization_id)],
      ['Stream', code(item.log_stream_id)],
      ['Id', code(item.id)],
    ]),
    attempts(app, item),
    sent(app, item),
  ],
});
