// Starts the mock, and hands out SDK clients whose calls are recorded.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WorkOS } from '@workos-inc/node';

/** The program under test: the mock's binary. */
const PROGRAM = process.env.WORKOS_PORTAL_MOCK;

/** Every SDK method that was called and did what it says, as `resource.method`. */
export const succeeded = new Set();

/** A mock of its own, on a free port. */
export class Mock {
  #child;

  constructor(child, { url, api_key, organization_id }) {
    this.#child = child;
    this.url = new URL(url);
    this.apiKey = api_key;
    this.organizationId = organization_id;
    /** Every request that the SDK sent: method, path, status and idempotency key. */
    this.requests = [];
  }

  /** @param {...string} flags further flags of the mock */
  static async start(...flags) {
    if (!PROGRAM) throw new Error('WORKOS_PORTAL_MOCK has to name the binary of the mock');
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WORKOS_')));
    const child = spawn(PROGRAM, ['--listen', '127.0.0.1:0', '--json', '--log', 'error', ...flags], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child, 'spawn');
    const { value: line, done } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
    if (done) throw new Error(`${PROGRAM} ended before it listened`);
    return new Mock(child, JSON.parse(line));
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }

  /** A client of the SDK for this mock. Its resources record which of their methods succeed. */
  client(apiKey = this.apiKey) {
    const workos = new WorkOS(apiKey, {
      apiHostname: this.url.hostname,
      port: Number(this.url.port),
      https: false,
      fetchFn: (url, options) => this.#fetch(url, options),
    });
    return new Proxy(workos, {
      get(target, name) {
        const resource = target[name];
        return resource && typeof resource === 'object' ? recording(name, resource) : resource;
      },
    });
  }

  /** A call of the mock's own controls. */
  async control(path, body, method = 'POST') {
    const response = await fetch(new URL(`/_mock${path}`, this.url), {
      method,
      headers: { 'Authorization': `Bearer ${this.apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_mock${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** What the SDK sent since `start` of it, as `METHOD path status`. */
  sent(start = 0) {
    return this.requests.slice(start).map(({ method, path, status }) => `${method} ${path} ${status}`);
  }

  async #fetch(url, options) {
    const response = await fetch(url, options);
    const { method, headers } = options;
    const key = headers['Idempotency-Key'];
    this.requests.push({ method, path: new URL(url).pathname, status: response.status, key });
    return response;
  }
}

function recording(name, resource) {
  return new Proxy(resource, {
    get(target, method) {
      const value = Reflect.get(target, method, target);
      if (typeof value !== 'function') return value;
      return async (...args) => {
        const result = await value.apply(target, args);
        succeeded.add(`${String(name)}.${String(method)}`);
        return result;
      };
    },
  });
}

/** Longest time, in milliseconds, that the SDK gives a request. */
const REQUEST_TIMEOUT = 60_000;

/**
 * Runs `work` while every wait of the SDK is over at once, and gives the waits that it asked for, in milliseconds.
 * The time limit of a request is left as it is, and so are the timers of everybody else, such as those of `fetch`.
 */
export async function withoutWaiting(work) {
  const original = globalThis.setTimeout;
  const waits = [];
  globalThis.setTimeout = (callback, delay, ...args) => {
    const caller = new Error().stack.split('\n')[2];
    if (delay >= REQUEST_TIMEOUT || !caller.includes('@workos-inc/node')) return original(callback, delay, ...args);
    waits.push(delay);
    return original(callback, 0, ...args);
  };
  try {
    return { result: await work(), waits };
  } finally {
    globalThis.setTimeout = original;
  }
}

/** What `promise` is rejected with. */
export async function rejection(promise) {
  const result = await promise.then((value) => ({ value }), (error) => ({ error }));
  if ('value' in result) throw new Error(`expected an error, got ${JSON.stringify(result.value)}`);
  return result.error;
}
