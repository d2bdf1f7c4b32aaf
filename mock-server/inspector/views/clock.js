import { h } from '../dom.js';
import { countdown, field, refusal, time } from '../pieces.js';

const STEPS = [['1 minute', 'PT1M'], ['5 minutes', 'PT5M'], ['1 hour', 'PT1H'], ['1 day', 'PT24H'], ['30 days', 'PT720H']];

// An instant is written to the millisecond, so what is due may be a little later.
const justAfter = text => new Date(Date.parse(text) + 1).toISOString();

const move = (app, body) => app.change('PATCH', '/_mock/clock', body);

function send(app, event, read) {
  event.preventDefault();
  const body = read(event.target.elements);
  if (body) move(app, body);
}

export const clock = {
  name: 'clock',
  title: 'Clock',
  key: 'c',

  async load(app, route, signal) {
    const [reading, pending] = await Promise.all([
      app.api.get('/_mock/clock', {}, signal),
      app.api.get('/_mock/deliveries/pending', {}, signal),
    ]);
    app.read(reading.now, reading.frozen);
    return { reading, pending };
  },

  render(app, data, route, problem) {
    const frozen = app.clock?.frozen;
    const next = data?.pending.next_at;
    return [
      h('div', { key: 'head', class: 'head' }, h('h1', null, 'Clock')),
      problem && refusal(problem),
      h('div', { key: 'face', class: 'card face' },
        h('p', { class: 'face-time' }, h('span', { opaque: true, 'data-now': 'time' })),
        h('p', { class: 'hint' }, h('span', { opaque: true, 'data-now': 'day' }), frozen ? ' · stands still' : ' · runs'),
        h('div', { class: 'buttons' },
          h('button', { type: 'button', class: 'primary', onclick: () => move(app, { frozen: !frozen }) }, frozen ? 'Let it run' : 'Freeze it'))),
      h('div', { key: 'ways', class: 'cards' },
        h('section', { class: 'card' }, h('h2', null, 'Advance'),
          h('div', { class: 'buttons' }, STEPS.map(([label, advance]) =>
            h('button', { key: advance, type: 'button', onclick: () => move(app, { advance }) }, label))),
          h('form', { class: 'line', onsubmit: event => send(app, event, ({ advance }) => advance.value.trim() && { advance: advance.value.trim() }) },
            field('By', { name: 'advance', placeholder: '2 days 1h, PT90S, -PT5M', required: true }),
            h('button', { type: 'submit' }, 'Advance'))),
        h('section', { class: 'card' }, h('h2', null, 'Set'),
          h('form', { class: 'line', onsubmit: event => send(app, event, ({ at }) => at.value && { set: new Date(`${at.value}Z`).toISOString() }) },
            field('At (UTC)', { name: 'at', type: 'datetime-local', step: '1', required: true }),
            h('button', { type: 'submit' }, 'Set')),
          h('p', { class: 'hint' }, 'What has expired stays so, also when the clock is set back.')),
        h('section', { class: 'card' }, h('h2', null, 'What comes next'),
          next
            ? [h('p', { key: 'next' }, time(app, next), h('span', { class: 'hint' }, ' in ', countdown(next))),
              h('div', { key: 'go', class: 'buttons' }, h('button', { type: 'button', onclick: () => move(app, { set: justAfter(next) }) }, 'Go there'))]
            : h('p', { class: 'hint' }, 'Nothing waits for a later time: no delivery, and nothing that expires with an event.'))),
    ];
  },
};
