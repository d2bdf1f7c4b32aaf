// What the page is about and what it shows: the environment, its clock, the view, and what the view has loaded.

import { Api, Refusal } from './api.js';
import { askForToken } from './dialogs.js';
import { span } from './format.js';
import { Watcher } from './stream.js';

// What comes at once is shown at once.
const GATHER = 120;
const TICK = 250;
const SAID = 2500;

export class App {
  constructor(views, draw) {
    this.views = views;
    this.draw = draw;
    this.api = new Api();
    this.api.onlog = () => this.render();
    this.watcher = new Watcher(this.api, {
      onChange: change => this.changed(change),
      onState: state => this.put({ live: state }),
      onRefusal: (status, body) => this.refused(new Refusal(status, body)),
    });
    Object.assign(this, {
      route: null, data: null, problem: null, clock: null, environments: null, live: 'connecting',
      hasBegun: false, isPaused: false, hasMissed: false, isLogOpen: false, said: '', lost: null,
    });
    this.timer = null;
    this.abort = null;
    this.isAsking = false;
  }

  async start() {
    addEventListener('hashchange', () => this.follow());
    document.addEventListener('visibilitychange', () => this.watch());
    setInterval(() => this.tick(), TICK);
    if (document.documentElement.dataset.controlToken === 'required' && !this.api.token) await this.ask(false);
    this.follow();
  }

  // Addresses

  /** Shows what the address says: `#/requests/request_1?status=500&environment=environment_2`. */
  follow() {
    const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
    const [name, id] = path.split('/').map(decoded);
    const { environment = null, ...rest } = Object.fromEntries(new URLSearchParams(query));
    const view = this.views.find(each => each.name === name) ?? this.views[0];
    const isOther = !this.route || view.name !== this.route.view;
    this.route = { view: view.name, id: id || null, query: rest };
    if (environment !== this.api.environment || !this.hasBegun) {
      this.hasBegun = true;
      this.api.environment = environment;
      Object.assign(this, { data: null, clock: null, live: 'connecting', lost: null });
      this.watch();
      this.loadEnvironments();
    }
    if (isOther) this.data = null;
    document.title = `${view.title} · Inspector`;
    this.render();
    // On a phone the views are a row that is wider than the window.
    if (isOther) document.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    this.refresh();
  }

  get view() {
    return this.views.find(each => each.name === this.route.view);
  }

  /** The address of a view, of one thing in it, with filters. */
  link(view, id = null, query = {}, environment = this.api.environment) {
    const pairs = Object.entries({ ...query, environment }).filter(([, value]) => value);
    const path = `#/${view}${id ? `/${encodeURIComponent(id)}` : ''}`;
    return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
  }

  /** Goes to an address; `replaces` the one that was there instead of being a step of its own. */
  go(view, id = null, query = {}, replaces = false) {
    const address = this.link(view, id, query);
    if (replaces) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    this.follow();
  }

  /** Looks at another environment, in the same view. */
  use(environment) {
    history.pushState(null, '', this.link(this.route.view, null, {}, environment));
    this.follow();
  }

  // Data

  /** Loads what is shown, once more if it is asked for meanwhile. */
  async refresh() {
    this.abort?.abort();
    const { signal } = this.abort = new AbortController();
    clearTimeout(this.timer);
    this.timer = null;
    this.hasMissed = false;
    const { view, route } = this;
    try {
      const data = await view.load(this, route, signal);
      if (!signal.aborted) this.put({ data, problem: null });
    } catch (error) {
      if (signal.aborted || error.name === 'AbortError') return;
      if (!(error instanceof Refusal)) throw error;
      if (this.refused(error) !== false) this.put({ problem: error });
    } finally {
      if (this.abort?.signal === signal) this.abort = null;
    }
  }

  /**
   * Watches the environment for as long as somebody looks: a browser has few connections to one server, and each tab that watches
   * holds one. The first thing that is told is that there may be news.
   */
  watch() {
    if (document.hidden) this.watcher.stop();
    else if (!this.lost && !this.isAsking) this.watcher.start();
  }

  /** Something has changed. */
  changed({ now, frozen }) {
    this.read(now, frozen);
    if (this.isPaused) this.put({ hasMissed: true });
    else this.schedule();
  }

  /** Loads soon what is shown, and what is being loaded already once more after that. */
  schedule() {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      if (this.abort) this.schedule();
      else this.refresh();
    }, GATHER);
  }

  pause(isPaused) {
    this.put({ isPaused });
    if (!isPaused) this.refresh();
  }

  async loadEnvironments() {
    try {
      this.put({ environments: await this.api.get('/_mock/environments', { limit: 20 }) });
    } catch {
      // The view says what is the matter.
    }
  }

  /** Makes a control call that changes something, and shows what it has changed. Says what it answers, or nothing if it was refused. */
  async change(method, path, body = undefined) {
    try {
      const value = await this.api.change(method, path, body);
      if (path === '/_mock/clock') this.read(value.now, value.frozen);
      this.refresh();
      return value ?? {};
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.lastProblem = error;
      this.refused(error);
      return null;
    }
  }

  /** Whether to go on after a refusal: not without a token, and not without an environment. */
  refused(error) {
    if (error.wantsToken) {
      this.ask(error.code === 'control_token_wrong').then(() => {
        this.watch();
        this.loadEnvironments();
        this.refresh();
      });
      this.watcher.stop();
      return false;
    }
    if (this.api.environment && error.errors.some(each => each.field === 'workos-mock-environment')) {
      this.watcher.stop();
      this.put({ lost: this.api.environment, live: 'lost' });
      return false;
    }
    return true;
  }

  async ask(isWrong) {
    if (this.isAsking) return;
    this.isAsking = true;
    this.api.token = null;
    this.api.token = await askForToken(isWrong);
    this.isAsking = false;
  }

  // Time

  read(now, frozen) {
    this.clock = { at: Date.parse(now), frozen, read: performance.now() };
    this.tick();
    this.render();
  }

  /** What the environment's clock shows. */
  now() {
    if (!this.clock) return new Date();
    return new Date(this.clock.at + (this.clock.frozen ? 0 : performance.now() - this.clock.read));
  }

  /** Writes what goes on with time, and looks again when the time of something shown has come. */
  tick() {
    if (!this.clock) return;
    const now = this.now();
    for (const node of document.querySelectorAll('[data-until]')) {
      const left = Date.parse(node.dataset.until) - now;
      const isPast = left <= 0;
      const text = isPast ? node.dataset.past : span(left);
      if (node.textContent !== text) node.textContent = text;
      if (isPast && node.dataset.was === 'ahead' && !this.isPaused) this.schedule();
      node.dataset.was = isPast ? 'past' : 'ahead';
    }
    this.onTick?.(now);
  }

  // The page

  put(changes) {
    Object.assign(this, changes);
    this.render();
  }

  render() {
    if (!this.route) return;
    this.draw(this);
    this.tick();
  }

  say(words) {
    clearTimeout(this.saying);
    this.put({ said: words });
    this.saying = setTimeout(() => this.put({ said: '' }), SAID);
  }

  async copy(text, what = 'Copied') {
    try {
      await navigator.clipboard.writeText(text);
      this.say(what);
    } catch {
      this.say(copyByHand(text) ? what : 'The browser does not let this page copy.');
    }
  }
}

/** A part of an address; what is no encoding stands as it is. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Where the page is not reached by a name that browsers trust, there is no clipboard but the selection's. */
function copyByHand(text) {
  const area = document.createElement('textarea');
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
