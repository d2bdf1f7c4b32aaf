import { curlOfRequest } from '../api.js';
import { h } from '../dom.js';
import { size, took } from '../format.js';
import { list } from '../list.js';
import { body, code, copyButton, facts, headers, method, nothing, reference, section, status, time } from '../pieces.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map(name => [name, name]);

const target = request => request.path + (request.query ? `?${request.query}` : '');

export const requests = list({
  name: 'requests',
  title: 'Requests',
  singular: 'Request',
  key: 'r',
  path: '/_mock/requests',
  one: id => `/_mock/requests/${id}`,
  filters: [
    { name: 'operation', label: 'Operation', list: 'operations', placeholder: 'generate_portal_link' },
    { name: 'path', label: 'Path', placeholder: '/organizations' },
    { name: 'method', label: 'Method', options: METHODS },
    { name: 'status', label: 'Status', placeholder: '422', inputmode: 'numeric', class: 'brief', list: 'statuses' },
  ],
  columns: [
    { head: 'Request', class: 'main-cell', cell: (app, item) => [method(item.method), h('span', { class: 'mono' }, target(item))] },
    { head: 'Status', cell: (app, item) => [status(item.status), item.fault && h('span', { class: 'state state-bad' }, 'Fault')] },
    { head: 'Operation', class: 'spare', cell: (app, item) => item.operation ? h('span', { class: 'mono' }, item.operation) : h('span', { class: 'none' }, '–') },
    { head: 'Took', class: 'number spare', cell: (app, item) => took(item.duration_ms) },
    { head: 'Time', class: 'number', cell: (app, item) => time(app, item.created_at) },
  ],
  empty: app => nothing('No request has come yet.', 'What your app asks of the API, and every page of the portal that is opened, is shown here as it happens.',
    copyButton(app, `curl ${location.origin}/organizations -H "Authorization: Bearer $WORKOS_API_KEY"`, 'Copy a first request')),
  heading: (app, item) => [method(item.method), ' ', h('span', { class: 'mono' }, item.path)],
  detail: (app, item) => [
    facts([
      ['Status', status(item.status)],
      ['Operation', item.operation && code(item.operation)],
      ['Query', item.query && code(item.query)],
      ['Time', time(app, item.created_at)],
      ['Took', took(item.duration_ms)],
      ['Fault', item.fault && h('span', null, reference(app, 'faults', item.fault))],
      ['Id', code(item.id)],
    ]),
    item.warnings.map(text => h('p', { class: 'alert alert-warn' }, text)),
    section('Request', [copyButton(app, () => curlOfRequest(item), 'Copy as curl', 'Copied as curl')],
      headers(item.request.headers), body(item.request)),
    section('Response', [h('span', { class: 'hint' }, size(item.response.length))],
      headers(item.response.headers), body(item.response)),
  ],
});
