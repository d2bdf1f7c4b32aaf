// Which methods of the SDK lead to the operations that the mock serves, read out of the SDK itself.
import { readFileSync } from 'node:fs';
import { WorkOS } from '@workos-inc/node';

const DOCUMENT = process.env.WORKOS_PORTAL_DOCUMENT ?? new URL('../../../openapi/portal.json', import.meta.url);
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** `get /organizations/{}` for each operation of the contract. */
function operations() {
  const { paths } = JSON.parse(readFileSync(DOCUMENT, 'utf8'));
  return new Set(
    Object.entries(paths).flatMap(([path, item]) =>
      METHODS.filter((method) => method in item).map((method) => `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`),
    ),
  );
}

/** The requests that a method's source makes, in the form of `operations`. */
function requests(source) {
  const paths = [...source.matchAll(/(["'`])(\/[a-z_][^"'`]*)\1/g)].map(([, , path]) => path.replace(/\$\{[^}]*\}/g, '{}'));
  const methods = [...source.matchAll(/this\.workos\.(get|post|put|patch|delete)\(/g)].map(([, method]) => method);
  if (source.includes('fetchAndDeserialize(')) methods.push('get');
  return methods.flatMap((method) => paths.map((path) => `${method} ${path}`));
}

/** Every method of every resource that leads to one of our operations, as `resource.method`. */
export function methodsOfOurOperations() {
  const ours = operations();
  const workos = new WorkOS('sk_unused');
  const found = [];
  for (const [name, resource] of Object.entries(workos)) {
    if (!resource || typeof resource !== 'object') continue;
    const members = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(resource));
    for (const [method, { value }] of Object.entries(members)) {
      if (typeof value !== 'function' || method === 'constructor') continue;
      if (requests(value.toString()).some((request) => ours.has(request))) found.push(`${name}.${method}`);
    }
  }
  return found.sort();
}
