// What views are made of: states, ids, addresses to copy, JSON, facts, fields.

import { h } from './dom.js';
import { short, words } from './format.js';

const GOOD = new Set(['active', 'linked', 'delivered', 'verified', 'legacy_verified', 'finished', 'open', 'issued']);
const WARN = new Set(['waiting', 'held', 'blocked', 'sending', 'due', 'pending', 'validating', 'opened', 'not_dialled']);
const BAD = new Set(['failed', 'error', 'invalid', 'revoked', 'deleting', 'invalid_credentials']);

/** A state in its colour. */
export function state(name) {
  const tone = GOOD.has(name) ? 'good' : WARN.has(name) ? 'warn' : BAD.has(name) ? 'bad' : 'plain';
  return h('span', { class: `state state-${tone}` }, words(name));
}

/** A status of HTTP in its colour. */
export function status(code) {
  const tone = code === null ? 'bad' : code < 300 ? 'good' : code < 400 ? 'plain' : code < 500 ? 'warn' : 'bad';
  return h('span', { class: `state state-${tone} code` }, code ?? 'none');
}

export function method(name) {
  return h('span', { class: 'method' }, name);
}

export function code(text) {
  return h('code', { title: text }, text);
}

/** An instant on the environment's clock. */
export function time(app, text) {
  if (!text) return h('span', { class: 'none' }, '–');
  return h('time', { datetime: text, title: text }, short(text, app.now()));
}

/** How long it is until an instant; the words of `past` from then on. The clock writes into it. */
export function countdown(until, past = 'now') {
  return h('span', { key: `until-${until}`, class: 'countdown', opaque: true, 'data-until': until, 'data-past': past, title: until });
}

/** Something that leads to one thing in a view. */
export function reference(app, view, id, text = id) {
  return id ? h('a', { href: app.link(view, id), title: id }, h('code', null, text)) : h('span', { class: 'none' }, '–');
}

export function copyButton(app, text, label = 'Copy', what = 'Copied') {
  return h('button', { type: 'button', class: 'small', onclick: () => app.copy(typeof text === 'function' ? text() : text, what) }, label);
}

/** Pairs of a name and a value; those without a value are left out. */
export function facts(pairs) {
  const there = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return h('dl', { class: 'facts' }, there.map(([name, value]) => h('div', { key: name }, h('dt', null, name), h('dd', null, value))));
}

/** A part of a detail, with what can be done with it beside its heading. */
export function section(title, buttons, ...content) {
  return h('section', { key: title, class: 'part' },
    h('div', { class: 'part-head' }, h('h3', null, title), h('div', { class: 'buttons' }, buttons)), content);
}

/** A value as JSON in colours, or a text as it is. */
export function json(value) {
  const content = typeof value === 'string' ? [value] : [...pieces(value, '')];
  return h('pre', { class: 'json', tabindex: '0' }, h('code', null, content));
}

function* pieces(value, indent) {
  const deeper = `${indent}  `;
  if (Array.isArray(value) && value.length > 0) {
    yield '[\n';
    for (const [index, item] of value.entries()) {
      yield deeper;
      yield* pieces(item, deeper);
      yield index < value.length - 1 ? ',\n' : `\n${indent}]`;
    }
  } else if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
    yield '{\n';
    const members = Object.entries(value);
    for (const [index, [name, item]] of members.entries()) {
      yield deeper;
      yield h('span', { class: 'j-name' }, JSON.stringify(name));
      yield ': ';
      yield* pieces(item, deeper);
      yield index < members.length - 1 ? ',\n' : `\n${indent}}`;
    }
  } else {
    const kind = typeof value === 'string' ? 'j-text' : 'j-word';
    yield h('span', { class: kind }, JSON.stringify(value));
  }
}

/** A body that was sent: what of it was kept. */
export function body(message) {
  const parts = [];
  if (message.body !== null) parts.push(json(message.body));
  else parts.push(h('p', { class: 'hint' }, message.length > 0 ? 'Its body was not kept.' : 'No body.'));
  if (message.truncated && message.body !== null) parts.push(h('p', { class: 'hint' }, 'Only the beginning was kept.'));
  return parts;
}

/** Headers, folded away. */
export function headers(map) {
  const all = Object.entries(map);
  return h('details', { class: 'fold' }, h('summary', null, `${all.length} header${all.length === 1 ? '' : 's'}`),
    facts(all.map(([name, value]) => [name, h('span', { class: 'mono' }, value)])));
}

/** A field with its label. `attributes` are the input's; `options` make it a choice, each a value or a pair with its words. */
export function field(label, attributes, options = null) {
  const { class: extra, ...own } = attributes;
  const input = options === null
    ? h('input', { autocomplete: 'off', spellcheck: 'false', ...own })
    : h('select', own, options.map(option => {
      const [value, text] = Array.isArray(option) ? option : [option, words(option)];
      return h('option', { key: value, value }, text);
    }));
  return h('label', { key: label, class: `field ${extra ?? ''}` }, h('span', null, label), input);
}

/** What came of a call that was refused. */
export function refusal(error) {
  const each = error.errors ?? [];
  return h('div', { class: 'alert', role: 'alert' }, h('p', null, error.message),
    each.length > 0 && h('ul', null, each.map(one => h('li', null, one.message))));
}

/** What stands where there is nothing. */
export function nothing(title, ...more) {
  return h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), more.map(each => h('div', null, each)));
}
