// What exists once an admin has been through the portal: connections, directories, audit logs, webhooks and events.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Mock, rejection } from './harness.mjs';

let mock, workos;

describe('setups', () => {
  before(async () => {
    mock = await Mock.start();
    workos = mock.client();
  });
  after(() => mock.stop());

  it('connections are listed, read and deleted', async () => {
    const { sso } = workos;
    const { id } = await mock.control('/connections', {
      organization_id: mock.organizationId,
      connection_type: 'OktaSAML',
      name: 'Acme Okta',
      state: 'active',
      domains: ['example.com'],
    });
    const connection = await sso.getConnection(id);
    assert.deepEqual(
      [connection.object, connection.name, connection.type, connection.state, connection.organizationId],
      ['connection', 'Acme Okta', 'OktaSAML', 'active', mock.organizationId],
    );
    assert.deepEqual(connection.domains.map(({ domain }) => domain), ['example.com']);
    const filters = { connectionType: 'OktaSAML', domain: 'example.com', organizationId: mock.organizationId };
    assert.deepEqual((await sso.listConnections(filters)).data, [connection]);
    assert.deepEqual((await sso.listConnections({ ...filters, connectionType: 'GoogleSAML' })).data, []);
    assert.equal(await sso.deleteConnection(id), undefined);
    assert.equal((await rejection(sso.getConnection(id))).status, 404);
  });

  it('directories, their users and groups are listed and read', async () => {
    const { directorySync } = workos;
    const { id } = await mock.control('/directories', {
      organization_id: mock.organizationId,
      name: 'Acme People',
      domain: 'example.com',
      type: 'okta scim v2.0',
      users: 5,
      groups: 2,
    });
    const directory = await directorySync.getDirectory(id);
    assert.deepEqual(
      [directory.object, directory.name, directory.type, directory.state],
      ['directory', 'Acme People', 'okta scim v2.0', 'active'],
    );
    const filters = { organizationId: mock.organizationId, search: 'people' };
    assert.deepEqual((await directorySync.listDirectories(filters)).data, [directory]);

    const users = (await directorySync.listUsers({ directory: id })).data;
    const groups = (await directorySync.listGroups({ directory: id })).data;
    assert.deepEqual([users.length, groups.length], [5, 2]);
    for (const user of users) {
      assert.equal(user.directoryId, id);
      assert.ok('firstName' in user && 'lastName' in user);
    }
    const user = users.find(({ groups }) => groups.length > 0) ?? users[0];
    assert.deepEqual(await directorySync.getUser(user.id), user);
    const group = await directorySync.getGroup(groups[0].id);
    assert.deepEqual(group, groups[0]);

    const members = (await directorySync.listUsers({ group: group.id })).data;
    assert.ok(members.every(({ groups }) => groups.some(({ id }) => id === group.id)));
    const memberships = (await directorySync.listGroups({ user: user.id })).data;
    assert.deepEqual(memberships.map(({ id }) => id).sort(), user.groups.map(({ id }) => id).sort());

    assert.equal(await directorySync.deleteDirectory(id), undefined);
    assert.equal((await rejection(directorySync.getDirectory(id))).status, 404);
  });

  it('audit logs take schemas and events, and export them', async () => {
    const { auditLogs } = workos;
    const schema = await auditLogs.createSchema({
      action: 'user.signed_in',
      actor: { metadata: { role: 'string' } },
      targets: [{ type: 'team', metadata: { plan: 'string' } }],
      metadata: { attempts: 'number' },
    });
    assert.deepEqual(
      [schema.object, schema.version, schema.targets, schema.metadata],
      ['audit_log_schema', 1, [{ type: 'team', metadata: { plan: 'string' } }], { attempts: 'number' }],
    );
    assert.deepEqual((await auditLogs.listSchemas('user.signed_in')).data, [schema]);

    const occurredAt = new Date();
    const nothing = await auditLogs.createEvent(mock.organizationId, {
      action: 'user.signed_in',
      version: 1,
      occurredAt,
      actor: { id: 'user_1', type: 'user', name: 'Ada', metadata: { role: 'admin' } },
      targets: [{ id: 'team_1', type: 'team', metadata: { plan: 'free' } }],
      context: { location: '192.0.2.1', userAgent: 'curl' },
      metadata: { attempts: 2 },
    });
    assert.equal(nothing, undefined);

    const asked = await auditLogs.createExport({
      organizationId: mock.organizationId,
      rangeStart: new Date(occurredAt.getTime() - 60_000),
      rangeEnd: new Date(occurredAt.getTime() + 60_000),
      actions: ['user.signed_in'],
      actorIds: ['user_1'],
      actorNames: ['Ada'],
      targets: ['team'],
    });
    assert.deepEqual([asked.object, asked.state], ['audit_log_export', 'pending']);
    await mock.control('/clock', { advance: 'PT1M' }, 'PATCH');
    const ready = await auditLogs.getExport(asked.id);
    assert.equal(ready.state, 'ready');
    const csv = await (await fetch(ready.url)).text();
    assert.match(csv, /user\.signed_in/);
  });

  it('audit log retention is set and read', async () => {
    const { auditLogs } = workos;
    const id = mock.organizationId;
    const set = await auditLogs.updateOrganizationAuditLogsRetention({ id, retentionPeriod: '1_YEAR' });
    assert.deepEqual(set, { retentionPeriodInDays: 365 });
    assert.deepEqual(await auditLogs.getOrganizationAuditLogsRetention({ id }), set);
  });

  it('webhook endpoints are created, changed, listed and deleted', async () => {
    const { webhooks } = workos;
    const endpoint = await webhooks.createWebhookEndpoint({
      endpointUrl: 'https://hooks.example/workos',
      events: ['connection.activated', 'dsync.user.created'],
    });
    assert.deepEqual([endpoint.object, endpoint.status], ['webhook_endpoint', 'enabled']);
    assert.ok(endpoint.secret);
    const changed = await webhooks.updateWebhookEndpoint({
      id: endpoint.id,
      endpointUrl: 'https://hooks.example/other',
      status: 'disabled',
      events: ['dsync.activated'],
    });
    assert.deepEqual(
      [changed.endpointUrl, changed.status, changed.events, changed.secret],
      ['https://hooks.example/other', 'disabled', ['dsync.activated'], endpoint.secret],
    );
    assert.deepEqual((await webhooks.listWebhookEndpoints()).data, [changed]);
    assert.equal(await webhooks.deleteWebhookEndpoint({ id: endpoint.id }), undefined);
    assert.deepEqual((await webhooks.listWebhookEndpoints()).data, []);
  });

  it('events tell of what happened', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'Eventful' });
    await workos.organizations.updateOrganization({ organization: id, name: 'More eventful' });
    await workos.organizations.deleteOrganization(id);
    const list = (options) =>
      workos.events.listEvents({
        events: ['organization.created', 'organization.updated', 'organization.deleted'],
        organizationId: id,
        ...options,
      });
    const { data } = await list({});
    assert.deepEqual(data.map(({ event }) => event), [
      'organization.created',
      'organization.updated',
      'organization.deleted',
    ]);
    assert.ok(data.every((event) => event.data.id === id && event.id.startsWith('event_')));
    assert.equal(data[0].data.name, 'Eventful');
    const rest = await list({ after: data[0].id, limit: 1 });
    assert.deepEqual(rest.data, [data[1]]);
    assert.deepEqual((await list({ order: 'desc' })).data, data.toReversed());
    const early = await list({ rangeEnd: new Date(Date.parse(data[0].createdAt) - 1000).toISOString() });
    assert.deepEqual(early.data, []);
  });
});
