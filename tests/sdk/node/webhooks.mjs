// What the SDK's own verification makes of the webhooks that the mock sends.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, afterEach, before, describe, it } from 'node:test';
import { SignatureVerificationException } from '@workos-inc/node';
import { Mock, rejection } from './harness.mjs';

/** What the mock of these tests can bring about and an endpoint can subscribe to. */
const EVENTS = [
  'authentication.sso_failed',
  'authentication.sso_succeeded',
  'connection.activated',
  'connection.deactivated',
  'connection.deleted',
  'connection.saml_certificate_renewed',
  'dsync.activated',
  'dsync.deleted',
  'dsync.group.created',
  'dsync.group.deleted',
  'dsync.group.updated',
  'dsync.group.user_added',
  'dsync.group.user_removed',
  'dsync.user.created',
  'dsync.user.deleted',
  'dsync.user.updated',
  'organization.created',
  'organization.deleted',
  'organization.updated',
  'organization_domain.created',
  'organization_domain.deleted',
  'organization_domain.verification_failed',
  'organization_domain.verified',
];

/** An app's webhook handler: it keeps the raw bytes of each request, and answers 200 unless it is told otherwise. */
class Receiver {
  #server;
  /** The statuses to answer next. */
  statuses = [];
  received = [];

  async start() {
    this.#server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { 'workos-signature': sigHeader, 'content-type': contentType } = request.headers;
      this.received.push({ payload: Buffer.concat(chunks), sigHeader, contentType });
      response.writeHead(this.statuses.shift() ?? 200).end();
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://localhost:${this.#server.address().port}/webhooks`;
    return this;
  }

  /** What came since the last call. */
  take() {
    return this.received.splice(0);
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

let mock, workos, receiver, endpoint;

/** Starts a mock whose events all go to a receiver. */
async function begin(...flags) {
  mock = await Mock.start(...flags);
  workos = mock.client();
  receiver = await new Receiver().start();
  endpoint = await workos.webhooks.createWebhookEndpoint({ endpointUrl: receiver.url, events: EVENTS });
}

/** Nothing is left to be sent, or a test has forgotten something. */
async function end() {
  const { waiting } = await mock.control('/deliveries/wait', {});
  await Promise.all([receiver.stop(), mock.stop()]);
  assert.equal(waiting, 0);
}

/** What has arrived when nothing is to be sent any more. */
async function arrived() {
  await mock.control('/deliveries/wait', { timeout: 'PT60S' });
  return receiver.take();
}

const construct = ({ payload, sigHeader }, options) =>
  workos.webhooks.constructEvent({ payload, sigHeader, secret: endpoint.secret, ...options });

const steer = (steering) => mock.control(`/webhook_endpoints/${endpoint.id}/steering`, steering, 'PUT');

const listed = async (options = {}) => {
  const all = [];
  let after;
  do {
    const { data, listMetadata } = await workos.events.listEvents({ events: EVENTS, limit: 100, after, ...options });
    all.push(...data);
    after = listMetadata.after;
  } while (after);
  return all;
};

/** One event, as it arrived. */
async function one(name = 'Acme') {
  await workos.organizations.createOrganization({ name });
  const [delivery, ...others] = await arrived();
  assert.equal(others.length, 0);
  return delivery;
}

/** Lets one of everything happen. */
async function everything() {
  const { organizations, organizationDomains, sso, directorySync } = workos;
  const { id } = await organizations.createOrganization({ name: 'Zoë & 株式会社 "🦀"\u2028', metadata: { motto: 'a/b\\c\n\u007f' } });
  await organizations.updateOrganization({ organization: id, name: 'Ünïcode' });
  const domain = await organizationDomains.createOrganizationDomain({ organizationId: id, domain: 'acme.example' });
  await mock.control(`/organization_domains/${domain.id}`, { state: 'verified' });
  const other = await organizationDomains.createOrganizationDomain({ organizationId: id, domain: 'bücher.example' });
  await mock.control(`/organization_domains/${other.id}`, { state: 'failed' });
  await organizationDomains.deleteOrganizationDomain(other.id);

  const open = async (intent) => (await workos.adminPortal.generateLink({ organization: id, intent })).link;
  const complete = (link, answers) => mock.control('/portal_links/complete', { link, answers });
  const setup = await open('sso');
  await mock.control('/portal_links/fail', { link: setup, step: 'test' });
  await complete(setup);
  await complete(await open('certificate_renewal'));
  const [connection] = (await sso.listConnections({ organizationId: id })).data;
  await mock.control(`/connections/${connection.id}`, { state: 'inactive' }, 'PATCH');
  await sso.deleteConnection(connection.id);

  await complete(await open('dsync'), { users: 2, groups: 1 });
  const [directory] = (await directorySync.listDirectories({ organizationId: id })).data;
  const user = await mock.control(`/directories/${directory.id}/users`, {
    idp_id: 'ada',
    first_name: 'Ada',
    last_name: 'Łovelace',
    email: 'ada@acme.example',
  });
  await mock.control(`/directory_users/${user.id}`, { job_title: 'Ingénieure' }, 'PATCH');
  const group = await mock.control(`/directories/${directory.id}/groups`, { idp_id: 'g', name: '工程' });
  await mock.control(`/directory_groups/${group.id}`, { name: '設計' }, 'PATCH');
  await mock.control(`/directory_groups/${group.id}/users/${user.id}`, undefined, 'PUT');
  await mock.control(`/directory_groups/${group.id}/users/${user.id}`, undefined, 'DELETE');
  await mock.control(`/directory_groups/${group.id}`, undefined, 'DELETE');
  await mock.control(`/directory_users/${user.id}`, undefined, 'DELETE');
  await directorySync.deleteDirectory(directory.id);
  await organizations.deleteOrganization(id);
}

describe('webhooks', () => {
  before(() => begin());
  after(() => end());
  afterEach(async () => {
    await steer({});
    receiver.take();
  });

  it('events of every kind are accepted, and are those of the list of events', async () => {
    const [last] = (await listed()).slice(-1);
    await everything();
    const deliveries = await arrived();
    const events = await Promise.all(deliveries.map((delivery) => construct(delivery)));
    assert.deepEqual([...new Set(events.map(({ event }) => event))].sort(), EVENTS);
    assert.deepEqual(events, await listed({ after: last?.id }));
    assert.ok(deliveries.every(({ contentType }) => contentType === 'application/json'));
    // Handlers that parse before they verify get by with what is sent, because it is as JavaScript writes it.
    for (const delivery of deliveries) await construct({ ...delivery, payload: JSON.parse(delivery.payload) });
  });

  it('every number and every name survives being parsed and written again by JavaScript', async () => {
    const { id } = await mock.control('/directories', { organization_id: mock.organizationId, name: 'Numbers' });
    await arrived();
    // As text, because JavaScript would have changed the numbers before they are sent.
    const attributes = `{
      "one": 1.0, "huge": 1e21, "large": 1e20, "small": 1e-7, "third": 0.333333333333333333,
      "big": 12345678901234567890, "bigger": -9007199254740993, "max": 1.7976931348623157e308,
      "z": {"10": "ten", "2": "two", "-1": "minus", "02": "text", "nested": [{"b": 1, "0": 0}]},
      "é\\u2028\\u0007": "\\ud83e\\udd80 \\" \\\\ / \\u007f", "__proto__": "own"
    }`;
    const response = await fetch(new URL(`/_mock/directories/${id}/users`, mock.url), {
      method: 'POST',
      headers: { 'Authorization': `Bearer ${mock.apiKey}`, 'Content-Type': 'application/json' },
      body: `{"idp_id": "numbers", "first_name": "Zoë", "raw_attributes": ${attributes}, "custom_attributes": ${attributes}}`,
    });
    assert.equal(response.status, 201, await response.text());
    const [delivery, ...others] = await arrived();
    assert.equal(others.length, 0);
    const parsed = JSON.parse(delivery.payload);
    assert.equal(delivery.payload.toString(), JSON.stringify(parsed));
    assert.deepEqual(parsed.data.custom_attributes, JSON.parse(attributes));
    const event = await construct(delivery);
    assert.deepEqual(await construct({ ...delivery, payload: parsed }), event);
    assert.deepEqual(event, (await listed()).at(-1));
  });

  it('what was changed on the way is refused', async () => {
    const delivery = await one();
    const refused = async (changes, message) => {
      const error = await rejection(construct({ ...delivery, ...changes }));
      assert.ok(error instanceof SignatureVerificationException, String(error));
      assert.match(error.message, message);
    };
    const text = delivery.payload.toString();
    await refused({ payload: text.replace('Acme', 'Acne') }, /does not match/);
    await refused({ payload: `${text}\n` }, /does not match/);
    await refused({ payload: '' }, /does not match/);
    const [, time, hash] = delivery.sigHeader.match(/^t=(\d{13}), v1=([0-9a-f]{64})$/);
    await refused({ sigHeader: `t=${Number(time) + 1}, v1=${hash}` }, /does not match/);
    await refused({ sigHeader: `t=${time}, v1=${'0'.repeat(64)}` }, /does not match/);
    const error = await rejection(construct(delivery, { secret: 'whsec_another' }));
    assert.ok(error instanceof SignatureVerificationException);
    assert.equal((await construct(delivery)).data.name, 'Acme');
  });

  for (const [steering, message] of [
    [{ signature: 'invalid' }, /does not match/],
    [{ signature: 'malformed' }, /missing/],
    [{ timestamp: 'old' }, /tolerance/],
  ]) {
    it(`a webhook of ${JSON.stringify(steering)} is refused`, async () => {
      await steer(steering);
      const error = await rejection(construct(await one()));
      assert.ok(error instanceof SignatureVerificationException, String(error));
      assert.match(error.message, message);
    });
  }

  it('a webhook without the header has nothing that could be verified', async () => {
    await steer({ signature: 'missing' });
    const delivery = await one();
    assert.equal(delivery.sigHeader, undefined);
    await assert.rejects(construct(delivery), TypeError);
  });

  it('a signature that is too early is let through, for this SDK looks at the age alone', async () => {
    await steer({ timestamp: 'future' });
    assert.equal((await construct(await one())).data.name, 'Acme');
  });

  it('an oddly written body is accepted as the bytes that came, and refused when it was parsed before', async () => {
    await steer({ body: 'odd', seed: 7 });
    const delivery = await one('Zoë / 株式会社');
    const event = await construct(delivery);
    assert.deepEqual(event, (await listed()).at(-1));
    const parsed = JSON.parse(delivery.payload);
    assert.notEqual(delivery.payload.toString(), JSON.stringify(parsed));
    const error = await rejection(construct({ ...delivery, payload: parsed }));
    assert.match(error.message, /does not match/);
  });

  it('a setup by the portal arrives', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'Through the portal' });
    const { link } = await workos.adminPortal.generateLink({ organization: id, intent: 'dsync' });
    await arrived();
    const { outcome } = await mock.control('/portal_links/complete', { link, answers: { users: 1, groups: 0 } });
    assert.equal(outcome, 'completed');
    const events = await Promise.all((await arrived()).map((delivery) => construct(delivery)));
    assert.deepEqual(events.map(({ event }) => event), ['dsync.activated', 'dsync.user.created']);
    assert.deepEqual(events, await listed({ organizationId: id, events: ['dsync.activated', 'dsync.user.created'] }));
    const [{ data: activated }] = events;
    assert.deepEqual([activated.organizationId, activated.state], [id, 'active']);
    assert.deepEqual((await workos.directorySync.getDirectory(activated.id)).id, activated.id);
  });
});

describe('webhooks beside a clock that stands still', () => {
  before(() => begin('--clock', '2031-02-03T04:05:06Z'));
  after(() => end());

  it('are signed with the real time, so that they are accepted; with that of the clock they would not be', async () => {
    const event = await construct(await one());
    assert.equal(event.createdAt, '2031-02-03T04:05:06.000Z');
    await mock.control('/clock', { set: '2019-02-03T04:05:06Z' }, 'PATCH');
    await steer({ timestamp: 'clock' });
    const error = await rejection(construct(await one()));
    assert.match(error.message, /tolerance/);
    await steer({});
  });

  it('are signed anew at every attempt, and bring the same bytes', async () => {
    receiver.statuses = [500, 503];
    const first = await one();
    for (const wait of ['PT10S', 'PT20S']) {
      await mock.control('/clock', { advance: wait }, 'PATCH');
      const [again, ...others] = await arrived();
      assert.equal(others.length, 0);
      assert.deepEqual(again.payload, first.payload);
      assert.deepEqual(await construct(again), await construct(first));
    }
    const { data } = await mock.control('/deliveries?limit=1', undefined, 'GET');
    assert.deepEqual(
      [data[0].state, data[0].attempts.map(({ status }) => status)],
      ['delivered', [500, 503, 200]],
    );
  });
});
