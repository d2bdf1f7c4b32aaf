// Organizations, their domains and contacts, and portal links.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Mock, rejection } from './harness.mjs';

describe('organizations', () => {
  let mock, workos;
  before(async () => {
    mock = await Mock.start();
    workos = mock.client();
  });
  after(() => mock.stop());

  it('are created, read, changed, found and deleted', async () => {
    const created = await workos.organizations.createOrganization({
      name: 'Acme',
      domainData: [{ domain: 'acme.example', state: 'verified' }],
      externalId: 'customer/1',
      metadata: { tier: 'gold' },
    });
    assert.equal(created.object, 'organization');
    assert.match(created.id, /^org_/);
    assert.equal(created.allowProfilesOutsideOrganization, false);
    assert.deepEqual(
      created.domains.map(({ domain, state, verificationStrategy }) => [domain, state, verificationStrategy]),
      [['acme.example', 'verified', 'manual']],
    );
    assert.deepEqual(await workos.organizations.getOrganization(created.id), created);
    assert.deepEqual(await workos.organizations.getOrganizationByExternalId('customer/1'), created);

    const changed = await workos.organizations.updateOrganization({
      organization: created.id,
      name: 'Acme Inc.',
      stripeCustomerId: 'cus_1',
      externalId: null,
      metadata: { tier: 'gold', region: 'eu' },
    });
    assert.deepEqual(
      [changed.name, changed.stripeCustomerId, changed.externalId, changed.metadata],
      ['Acme Inc.', 'cus_1', null, { tier: 'gold', region: 'eu' }],
    );

    const byDomain = await workos.organizations.listOrganizations({ domains: ['acme.example', 'other.example'] });
    assert.deepEqual(byDomain.data, [changed]);

    assert.equal(await workos.organizations.deleteOrganization(created.id), undefined);
    assert.equal((await rejection(workos.organizations.getOrganization(created.id))).name, 'NotFoundException');
  });

  it('are listed in both directions', async () => {
    const ids = [];
    for (const name of ['One', 'Two', 'Three']) {
      ids.push((await workos.organizations.createOrganization({ name: `Listed ${name}` })).id);
    }
    const page = (options) => workos.organizations.listOrganizations({ limit: 2, ...options });
    const first = await page({});
    assert.deepEqual(first.data.map(({ id }) => id), [ids[2], ids[1]]);
    assert.equal(first.listMetadata.before, null);
    const second = await page({ after: first.listMetadata.after });
    assert.equal(second.data[0].id, ids[0]);
    const back = await page({ before: second.listMetadata.before });
    assert.deepEqual(back.data, first.data);
    const oldest = await page({ order: 'asc' });
    assert.equal(oldest.data[0].id, mock.organizationId);
  });
});

describe('organization domains', () => {
  let mock, workos;
  before(async () => {
    mock = await Mock.start();
    workos = mock.client();
  });
  after(() => mock.stop());

  it('are added, verified and removed', async () => {
    const { organizationDomains } = workos;
    const added = await organizationDomains.createOrganizationDomain({
      organizationId: mock.organizationId,
      domain: 'new.example',
    });
    assert.deepEqual([added.object, added.domain, added.organizationId, added.state, added.verificationStrategy], [
      'organization_domain',
      'new.example',
      mock.organizationId,
      'pending',
      'dns',
    ]);
    assert.ok(added.verificationToken && added.verificationPrefix);
    assert.deepEqual(await organizationDomains.getOrganizationDomain(added.id), added);
    assert.equal((await organizationDomains.verifyOrganizationDomain(added.id)).state, 'pending');

    await mock.control(`/organization_domains/${added.id}`, { state: 'verified' });
    assert.equal((await organizationDomains.getOrganizationDomain(added.id)).state, 'verified');
    const again = await rejection(organizationDomains.verifyOrganizationDomain(added.id));
    assert.deepEqual([again.status, again.code], [400, 'domain_already_verified']);

    assert.equal(await organizationDomains.deleteOrganizationDomain(added.id), undefined);
    assert.equal((await rejection(organizationDomains.getOrganizationDomain(added.id))).status, 404);
  });
});

describe('IT contacts', () => {
  let mock, workos;
  before(async () => {
    mock = await Mock.start();
    workos = mock.client();
  });
  after(() => mock.stop());

  it('are added, invited, listed and removed', async () => {
    const { organizations } = workos;
    const organizationId = mock.organizationId;
    const contact = await organizations.createItContact({ organizationId, email: 'it@acme.example' });
    assert.deepEqual([contact.object, contact.email], ['it_contact', 'it@acme.example']);
    assert.deepEqual((await organizations.listItContacts({ organizationId })).data, [contact]);

    const one = { organizationId, contactId: contact.id };
    const nothing = await organizations.inviteItContact({ ...one, intents: ['sso', 'directory_sync'] });
    assert.equal(nothing, undefined);
    const { data: mails } = await mock.control('/outbox', undefined, 'GET');
    assert.deepEqual(mails.map(({ to, intents }) => [to, intents]), [['it@acme.example', ['sso', 'directory_sync']]]);
    assert.equal(await organizations.revokeItContact(one), undefined);

    assert.equal(await organizations.deleteItContact(one), undefined);
    assert.deepEqual((await organizations.listItContacts({ organizationId })).data, []);
  });
});

describe('portal links', () => {
  let mock, workos;
  before(async () => {
    mock = await Mock.start();
    workos = mock.client();
  });
  after(() => mock.stop());

  it('open the portal once', async () => {
    const { link } = await workos.adminPortal.generateLink({
      organization: mock.organizationId,
      intent: 'sso',
      returnUrl: 'http://localhost:3000/settings',
      successUrl: 'http://localhost:3000/done',
      adminEmails: ['it@acme.example'],
      intentOptions: { sso: { bookmarkSlug: 'intranet' } },
    });
    assert.ok(link.startsWith(mock.url.href), link);
    const first = await fetch(link, { redirect: 'manual' });
    assert.equal(first.status, 303);
    await first.body?.cancel();
    const second = await fetch(link, { redirect: 'manual' });
    assert.equal(second.status, 410);
    await second.body?.cancel();
  });
});
