// Lists as views: filters that the server applies, a page of rows, and one thing of it in detail beside them.

import { h } from './dom.js';
import { field, nothing, refusal } from './pieces.js';

const ROWS = 50;
const TYPING = 250;

/**
 * A view of a list. `path` is what lists it, in pages unless it `isWhole`, where `matches` says what the filters leave; `one` what shows one by its id (a page that has no such call leaves it out, and
 * looks among its rows); `filters`, `columns`, `detail`, `tools` and `empty` say what is shown.
 */
export function list(spec) {
  return {
    ...spec,

    async load(app, route, signal) {
      const query = { limit: spec.isWhole ? undefined : ROWS };
      if (!spec.isWhole) {
        for (const { name } of spec.filters ?? []) query[name] = route.query[name];
        Object.assign(query, { before: route.query.before, after: route.query.after });
      }
      const page = await app.api.get(spec.path, query, signal);
      if (spec.isWhole) page.data = page.data.filter(item => spec.matches(item, route.query));
      const more = spec.more ? await spec.more(app, signal) : null;
      return { page, more, chosen: await chosen(app, page, route, signal) };
    },

    render(app, data, route, problem) {
      const isFiltered = (spec.filters ?? []).some(({ name }) => route.query[name]);
      return [
        h('div', { key: 'head', class: 'head' }, h('h1', { key: 'title' }, spec.title),
          h('div', { key: 'tools', class: 'buttons' }, spec.tools?.(app, data))),
        spec.filters && filters(app, spec, route, isFiltered),
        problem && refusal(problem),
        data && spec.above?.(app, data),
        data && h('div', { key: 'split', class: route.id ? 'split split-open' : 'split' },
          rows(app, spec, data, route, isFiltered),
          route.id && detail(app, spec, data, route)),
      ];
    },
  };

  async function chosen(app, page, route, signal) {
    if (!route.id) return null;
    // What a row shows is as new as what would be asked for.
    const known = page.data.find(item => item.id === route.id);
    if (known && !spec.hasMore) return known;
    if (!spec.one) return known ?? null;
    try {
      return await app.api.get(spec.one(route.id), {}, signal);
    } catch (error) {
      if (error.status === 404) return null;
      throw error;
    }
  }
}

function filters(app, spec, route, isFiltered) {
  const apply = (name, value) => {
    // Somebody may have gone elsewhere while the typing was waited for.
    if (app.route.view !== spec.name) return;
    app.go(spec.name, null, { ...app.route.query, [name]: value.trim(), before: '', after: '' }, true);
  };
  let timer = null;
  const fields = spec.filters.map(({ name, label, options, ...more }) => {
    const value = route.query[name] ?? '';
    if (options) {
      return field(label, { name, value, onchange: event => apply(name, event.target.value) }, [['', 'Any'], ...options]);
    }
    const oninput = event => {
      clearTimeout(timer);
      timer = setTimeout(() => apply(name, event.target.value), TYPING);
    };
    return field(label, { name, value, oninput, type: 'search', ...more });
  });
  return h('form', { key: 'filters', class: 'filters', role: 'search', 'aria-label': `Filter: ${spec.title}`, onsubmit: event => event.preventDefault() },
    fields,
    isFiltered && h('button', { key: 'clear', type: 'button', class: 'small', onclick: () => app.go(spec.name, null, {}) }, 'Clear'));
}

function rows(app, spec, data, route, isFiltered) {
  const { data: items, list_metadata: pages } = data.page;
  if (items.length === 0) {
    const empty = isFiltered || route.query.before || route.query.after
      ? nothing('Nothing is like that.', h('a', { href: app.link(spec.name) }, 'Show everything'))
      : spec.empty(app);
    return h('div', { key: 'rows', class: 'rows' }, empty);
  }
  const open = (event, item) => {
    const isText = getSelection().toString() !== '';
    if (!event.target.closest('a, button') && !isText) app.go(spec.name, item.id, route.query);
  };
  const row = item => h('tr', { key: item.id, class: item.id === route.id ? 'chosen' : '', onclick: event => open(event, item) },
    spec.columns.map((column, index) => h('td', { class: column.class },
      index === 0
        ? h('a', { class: 'row', href: app.link(spec.name, item.id, route.query), 'aria-current': item.id === route.id ? 'true' : undefined }, column.cell(app, item))
        : column.cell(app, item))));
  return h('div', { key: 'rows', class: 'rows' },
    h('div', { key: 'scroll', class: 'scroll', tabindex: '0', role: 'region', 'aria-label': spec.title },
      h('table', null,
        h('thead', null, h('tr', null, spec.columns.map(column => h('th', { scope: 'col', class: column.class }, column.head)))),
        h('tbody', null, items.map(row)))),
    !spec.isWhole && pager(app, spec, route, pages));
}

function pager(app, spec, route, pages) {
  const isFirst = !route.query.before && !route.query.after;
  const to = (label, cursor, key, isOn) => isOn
    ? h('a', { key: label, class: 'small', href: app.link(spec.name, null, { ...route.query, before: '', after: '', ...cursor }), 'data-page': key }, label)
    : h('span', { key: label, class: 'small off' }, label);
  if (isFirst && !pages.after) return null;
  return h('nav', { key: 'pager', class: 'pager', 'aria-label': 'Pages' },
    to('Newest', {}, 'newest', !isFirst),
    to('Newer', { before: pages.before }, 'newer', Boolean(pages.before)),
    to('Older', { after: pages.after }, 'older', Boolean(pages.after)));
}

function detail(app, spec, data, route) {
  const close = h('a', { key: 'close', class: 'small close', href: app.link(spec.name, null, route.query) }, 'Close');
  const item = data.chosen;
  return h('aside', { key: `detail-${route.id}`, class: 'detail', 'aria-label': spec.singular },
    h('div', { class: 'detail-head' },
      h('h2', { tabindex: '-1' }, item ? spec.heading(app, item) : spec.singular), close),
    item ? spec.detail(app, item) : nothing(`There is no such ${spec.singular.toLowerCase()}, or not any more.`, h('code', null, route.id)));
}
