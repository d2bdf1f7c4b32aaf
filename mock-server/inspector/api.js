// Control calls: about which environment, with which token, and what came of them. Every call that changes something is noted.

const TOKEN = 'workos-mock-control-token';
const MOST_NOTED = 200;

/** Why a call was refused. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body?.code;
    this.errors = body?.errors ?? [];
  }

  /** Whether another control token is wanted. */
  get wantsToken() {
    return this.code === 'control_token_required' || this.code === 'control_token_wrong';
  }
}

/** Calls under `/_mock`. */
export class Api {
  constructor() {
    /** The id of the environment that calls are about; nothing for the default one. */
    this.environment = null;
    /** What was changed, the newest first. */
    this.log = [];
    this.made = 0;
    this.onlog = () => {};
  }

  get token() {
    return sessionStorage.getItem(TOKEN);
  }

  set token(token) {
    if (token) sessionStorage.setItem(TOKEN, token);
    else sessionStorage.removeItem(TOKEN);
  }

  headers() {
    const headers = {};
    if (this.environment) headers['WorkOS-Mock-Environment'] = this.environment;
    if (this.token) headers['WorkOS-Mock-Control-Token'] = this.token;
    return headers;
  }

  /** Asks for something; `query` may have members without a value, which are left out. */
  get(path, query = {}, signal = undefined) {
    return this.send('GET', withQuery(path, query), undefined, signal);
  }

  /** Changes something, and notes it. */
  async change(method, path, body) {
    const entry = { method, path, body, environment: this.environment, status: null, message: null, number: ++this.made };
    this.log = [entry, ...this.log].slice(0, MOST_NOTED);
    this.onlog();
    try {
      const { status, value } = await this.send(method, path, body, undefined, true);
      entry.status = status;
      return value;
    } catch (error) {
      entry.status = error.status ?? 0;
      entry.message = [error.message, ...(error.errors ?? []).map(each => each.message)].join(' ');
      throw error;
    } finally {
      this.onlog();
    }
  }

  async send(method, path, body, signal, whole = false) {
    const headers = this.headers();
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    let response;
    try {
      response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Refusal(0, { message: 'The server cannot be reached.' });
    }
    const text = await response.text();
    let value = null;
    try {
      value = text === '' ? null : JSON.parse(text);
    } catch {
      throw new Refusal(response.status, { message: 'The answer is no JSON.' });
    }
    if (!response.ok) throw new Refusal(response.status, value);
    return whole ? { status: response.status, value } : value;
  }
}

function withQuery(path, query) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}

/** `text` as one word of a shell. */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A control call as a line for a shell. */
export function curlOfChange({ method, path, body, environment }, hasToken) {
  const lines = [`curl -X ${method} ${quoted(location.origin + path)}`];
  if (environment) lines.push(`-H ${quoted(`WorkOS-Mock-Environment: ${environment}`)}`);
  if (hasToken) lines.push('-H "WorkOS-Mock-Control-Token: $WORKOS_MOCK_CONTROL_TOKEN"');
  if (body !== undefined) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  return lines.join(' \\\n  ');
}

// What curl says by itself, or what belongs to one connection.
const BY_ITSELF = new Set(['authorization', 'host', 'content-length', 'connection', 'user-agent', 'accept', 'accept-encoding', 'cookie']);

/** A request from the journal as a line for a shell, with a variable in the place of its key. */
export function curlOfRequest(request) {
  const target = request.path + (request.query ? `?${request.query}` : '');
  const lines = [`curl${request.method === 'GET' ? '' : ` -X ${request.method}`} ${quoted(location.origin + target)}`];
  if ('authorization' in request.request.headers) lines.push('-H "Authorization: Bearer $WORKOS_API_KEY"');
  for (const [name, value] of Object.entries(request.request.headers)) {
    if (!BY_ITSELF.has(name) && !name.startsWith('sec-')) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  const { body } = request.request;
  if (body !== null) lines.push(`-d ${quoted(typeof body === 'string' ? body : JSON.stringify(body))}`);
  return lines.join(' \\\n  ');
}
