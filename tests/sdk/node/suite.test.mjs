// Everything that WorkOS's Node SDK can do with the operations of the mock. WORKOS_PORTAL_MOCK names the binary.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import './resources.mjs';
import './setups.mjs';
import './webhooks.mjs';
import './conduct.mjs';
import { methodsOfOurOperations } from './coverage.mjs';
import { succeeded } from './harness.mjs';

// Last, because it looks back on the tests above.
describe('coverage', () => {
  it('every method of the SDK that leads to our operations succeeded in a test', () => {
    const methods = methodsOfOurOperations();
    assert.equal(methods.length, 38, 'what version 11.0.0 of the SDK has');
    assert.deepEqual(methods.filter((method) => !succeeded.has(method)), []);
  });
});
