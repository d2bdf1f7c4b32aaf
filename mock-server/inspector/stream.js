// The stream of changes of an environment. It is read with `fetch`, since an `EventSource` cannot show a control token.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;

/**
 * Watches the environment that `api` is about until it is stopped. Tells of changes (`onChange`), of being connected or not
 * (`onState`), and of a refusal (`onRefusal`), after which it asks again unless that returns false.
 */
export class Watcher {
  constructor(api, { onChange, onState, onRefusal }) {
    Object.assign(this, { api, onChange, onState, onRefusal });
    this.abort = null;
  }

  /** Begins, or begins anew with another environment or token. */
  start() {
    this.stop();
    this.abort = new AbortController();
    this.run(this.abort.signal);
  }

  stop() {
    this.abort?.abort();
    this.abort = null;
  }

  async run(signal) {
    let wait = FIRST_WAIT;
    while (!signal.aborted) {
      this.onState('connecting');
      try {
        const response = await fetch('/_mock/changes', { headers: this.api.headers(), signal });
        if (response.ok) {
          wait = FIRST_WAIT;
          this.onState('live');
          await this.read(response.body.getReader(), signal);
        } else {
          const body = await response.json().catch(() => null);
          if (signal.aborted || this.onRefusal(response.status, body) === false) return;
        }
      } catch {
        // It broke off, or there is no server just now.
      }
      if (signal.aborted) return;
      this.onState('lost');
      await new Promise(resolve => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  async read(reader, signal) {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      const events = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
      rest = events.pop();
      for (const event of events) this.take(event);
    }
  }

  take(text) {
    const fields = text.split(/\r?\n/).map(line => line.split(/: ?(.*)/s));
    const of = name => fields.filter(([known]) => known === name).map(([, value]) => value).join('\n');
    // After `end` the server closes, and what there is now is asked for anew.
    if (of('event') === 'change') this.onChange(JSON.parse(of('data')));
  }
}
