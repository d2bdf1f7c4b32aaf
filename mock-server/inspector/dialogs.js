// Questions in front of the page.

import { h, patch } from './dom.js';
import { field, refusal } from './pieces.js';

/** Shows a dialog until it is closed; `content` is given what closes it with a result. One that `stays` is not closed by Esc. */
function show(label, content, stays = false) {
  return new Promise(resolve => {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-label', label);
    const close = result => {
      dialog.returnValue = '';
      dialog.result = result;
      dialog.close();
    };
    dialog.oncancel = event => {
      if (stays) event.preventDefault();
    };
    dialog.onclose = () => {
      dialog.remove();
      resolve(dialog.result);
    };
    const draw = () => patch(dialog, content(close, draw));
    draw();
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Asks whether something is really to be done. */
export function confirm({ title, text, action }) {
  return show(title, close => [
    h('h2', null, title),
    h('p', null, text),
    h('div', { class: 'buttons end' },
      h('button', { type: 'button', autofocus: true, onclick: () => close(false) }, 'Cancel'),
      h('button', { type: 'button', class: 'danger', onclick: () => close(true) }, action)),
  ]);
}

/** Asks for the control token of a shared server. */
export function askForToken(isWrong) {
  return show('Control token', close => [
    h('h2', null, 'This server asks for its control token'),
    h('p', null, 'It is the one that the server was started with. This tab keeps it until it is closed.'),
    isWrong && refusal({ message: 'That was not the token.' }),
    h('form', {
      class: 'stack',
      onsubmit: event => {
        event.preventDefault();
        close(event.target.elements.token.value);
      },
    },
    field('Control token', { name: 'token', type: 'password', required: true, autofocus: true }),
    h('div', { class: 'buttons end' }, h('button', { type: 'submit', class: 'primary' }, 'Go on'))),
  ], true);
}

/** Tells something that is shown only once. */
export function tell({ title, text, buttons }) {
  return show(title, close => [
    h('h2', null, title),
    h('p', null, text),
    h('div', { class: 'buttons end' }, buttons(close),
      h('button', { type: 'button', class: 'primary', onclick: () => close() }, 'Done')),
  ]);
}

const KEYS = [
  ['j  k', 'The next and the previous row'],
  ['Enter', 'Opens the row'],
  ['Esc', 'Closes what is open'],
  ['/', 'To the filters'],
  ['[  ]', 'Newer and older pages'],
  ['.', 'Stops and goes on with live updates'],
  ['?', 'This help'],
];

/** Tells the keys. */
export function help(views) {
  return show('Keys', close => [
    h('h2', null, 'Keys'),
    h('dl', { class: 'keys' },
      [...KEYS, ...views.map(view => [`g ${view.key}`, view.title])].map(([keys, what]) => h('div', null, h('dt', null, h('kbd', null, keys)), h('dd', null, what)))),
    h('div', { class: 'buttons end' }, h('button', { type: 'button', class: 'primary', autofocus: true, onclick: () => close() }, 'Done')),
  ]);
}
