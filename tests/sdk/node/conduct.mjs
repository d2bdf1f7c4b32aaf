// How the SDK takes refusals, long lists and trouble on the way.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  BadRequestException,
  ConflictException,
  GenericServerException,
  NotFoundException,
  OauthException,
  RateLimitExceededException,
  UnauthorizedException,
  UnprocessableEntityException,
} from '@workos-inc/node';
import { Mock, rejection, withoutWaiting } from './harness.mjs';

/** Objects that take three pages of the SDK's hundred. */
const MANY = 250;

/** The SDK sends a request this often before it gives up. */
const ATTEMPTS = 4;

let mock, workos;

describe('errors', () => {
  before(async () => {
    mock = await Mock.start();
    workos = mock.client();
  });
  after(() => mock.stop());

  it('an unknown id is a NotFoundException', async () => {
    const error = await rejection(workos.organizations.getOrganization('org_unknown'));
    assert.ok(error instanceof NotFoundException);
    assert.equal(error.code, 'entity_not_found');
    assert.match(error.message, /org_unknown/);
    assert.ok(error.requestID);
  });

  it('a wrong key is an UnauthorizedException', async () => {
    const stranger = mock.client('sk_test_wrong');
    const error = await rejection(stranger.organizations.listOrganizations());
    assert.ok(error instanceof UnauthorizedException);
    assert.ok(error.requestID);
  });

  it('an invalid request is an UnprocessableEntityException that names the members', async () => {
    const error = await rejection(
      workos.adminPortal.generateLink({ organization: mock.organizationId, intent: 'banana', returnUrl: 'here' }),
    );
    assert.ok(error instanceof UnprocessableEntityException);
    assert.equal(error.code, 'invalid_request_parameters');
    assert.match(error.message, /intent_invalid_value/);
    assert.match(error.message, /return_url_/);
  });

  it('a domain that is there already is a ConflictException', async () => {
    const domain = { organizationId: mock.organizationId, domain: 'twice.example' };
    await workos.organizationDomains.createOrganizationDomain(domain);
    const error = await rejection(workos.organizationDomains.createOrganizationDomain(domain));
    assert.ok(error instanceof ConflictException);
    assert.equal(error.code, 'domain_already_exists');
  });

  it('an event that does not fit its schema is a BadRequestException', async () => {
    await workos.auditLogs.createSchema({ action: 'team.renamed', targets: [{ type: 'team' }], metadata: { to: 'string' } });
    const error = await rejection(
      workos.auditLogs.createEvent(mock.organizationId, {
        action: 'team.renamed',
        occurredAt: new Date(),
        actor: { id: 'user_1', type: 'user' },
        targets: [{ id: 'team_1', type: 'team' }],
        context: { location: '192.0.2.1' },
        metadata: { to: 5 },
      }),
    );
    assert.ok(error instanceof BadRequestException);
    assert.equal(error.code, 'invalid_audit_log_event');
    assert.deepEqual(error.errors.map(({ instancePath }) => typeof instancePath), ['string']);
  });

  it('a refusal with a code alone is a GenericServerException of its status', async () => {
    const taken = { name: 'Taken', externalId: 'taken' };
    await workos.organizations.createOrganization(taken);
    const error = await rejection(workos.organizations.createOrganization(taken));
    assert.ok(error instanceof GenericServerException && !(error instanceof OauthException));
    assert.deepEqual([error.status, error.code], [400, 'external_id_already_used']);
  });
});

describe('long lists', () => {
  before(async () => {
    mock = await Mock.start();
    workos = mock.client();
  });
  after(() => mock.stop());

  it(`${MANY} organizations are paged through without loss or repetition`, async () => {
    const made = [mock.organizationId];
    for (let index = 0; index < MANY - 1; index += 1) {
      made.push((await workos.organizations.createOrganization({ name: `Organization ${index}` })).id);
    }
    for (const order of ['asc', 'desc']) {
      const start = mock.requests.length;
      const { result, waits } = await withoutWaiting(async () => {
        const list = await workos.organizations.listOrganizations({ order });
        return list.autoPagination();
      });
      const expected = order === 'asc' ? made : made.toReversed();
      assert.deepEqual(result.map(({ id }) => id), expected);
      assert.deepEqual(mock.sent(start), Array(4).fill('GET /organizations 200'));
      assert.deepEqual(waits, [350, 350]);
    }
  });

  it(`${MANY} users of a directory are paged through with the filter kept`, async () => {
    const directory = (users) =>
      mock.control('/directories', {
        organization_id: mock.organizationId,
        name: 'Acme People',
        type: 'generic scim v2.0',
        users,
        groups: 0,
      });
    await directory(3);
    const { id } = await directory(MANY);
    const { result } = await withoutWaiting(async () => (await workos.directorySync.listUsers({ directory: id })).autoPagination());
    assert.equal(new Set(result.map((user) => user.id)).size, MANY);
    assert.ok(result.every((user) => user.directoryId === id));
  });
});

describe('retries', () => {
  before(async () => {
    mock = await Mock.start();
    workos = mock.client();
  });
  after(() => mock.stop());

  const fault = (fault) => mock.control('/faults', { method: 'GET', path: '/organizations', status: 429, times: 1, ...fault });

  it('a request that met the rate limit is repeated after the time that was told', async () => {
    await fault({ retry_after: 7, times: 2 });
    const start = mock.requests.length;
    const { result, waits } = await withoutWaiting(() => workos.organizations.listOrganizations());
    assert.equal(result.data[0].id, mock.organizationId);
    assert.deepEqual(waits, [7000, 7000]);
    assert.deepEqual(mock.sent(start), [
      'GET /organizations 429',
      'GET /organizations 429',
      'GET /organizations 200',
    ]);
  });

  it('a rate limit that stays is a RateLimitExceededException', async () => {
    await fault({ retry_after: 7, times: ATTEMPTS });
    const start = mock.requests.length;
    const { result: error } = await withoutWaiting(() => rejection(workos.organizations.listOrganizations()));
    assert.ok(error instanceof RateLimitExceededException);
    assert.equal(error.retryAfter, 7);
    assert.equal(mock.requests.length - start, ATTEMPTS);
    await workos.organizations.listOrganizations();
  });

  it('a server that is down for a moment is asked again', async () => {
    await fault({ status: 503 });
    const start = mock.requests.length;
    const { waits } = await withoutWaiting(() => workos.organizations.listOrganizations());
    assert.equal(waits.length, 1);
    assert.deepEqual(mock.sent(start), ['GET /organizations 503', 'GET /organizations 200']);
  });

  it('a write that is repeated has one effect', async () => {
    await fault({ method: 'POST', retry_after: 0 });
    const start = mock.requests.length;
    const { id } = await workos.organizations.createOrganization({ name: 'Once', externalId: 'once' });
    assert.deepEqual(mock.sent(start), ['POST /organizations 429', 'POST /organizations 201']);
    const keys = new Set(mock.requests.slice(start).map(({ key }) => key));
    assert.equal(keys.size, 1);

    const [idempotencyKey] = keys;
    const again = await workos.organizations.createOrganization({ name: 'Once', externalId: 'once' }, { idempotencyKey });
    assert.equal(again.id, id);
  });
});
