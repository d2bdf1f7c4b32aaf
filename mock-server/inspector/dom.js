// Descriptions of elements, and what brings a document into line with them. What is there already stays where it is, so that
// focus, selection, scrolling and what somebody is typing survive a refresh. Text only ever becomes text.

const SVG = 'http://www.w3.org/2000/svg';
const OF_SVG = new Set(['svg', 'path', 'circle', 'rect']);
// What somebody may have changed since: set only when the description itself has changed.
const LIVE = new Set(['value', 'checked', 'open']);
const descriptions = new WeakMap();

/** Describes an element. A `key` among the attributes tells it from its siblings; `opaque` leaves its content to others. */
export function h(tag, attributes, ...children) {
  return { tag, attributes: attributes ?? {}, children: children.flat(Infinity).filter(isThere) };
}

const isThere = child => child !== null && child !== undefined && child !== false && child !== '';

/** Makes the children of `parent` what the descriptions say. */
export function patch(parent, wanted) {
  const old = [...parent.childNodes];
  const keyed = new Map();
  const rest = [];
  for (const node of old) {
    const key = descriptions.get(node)?.attributes.key;
    if (key === undefined) rest.push(node);
    else keyed.set(key, node);
  }
  const kept = new Set();
  const nodes = wanted.filter(isThere).map(description => {
    const found = match(description, keyed, rest);
    if (!found) return make(description);
    kept.add(found);
    update(found, description);
    return found;
  });
  // What is gone goes first: what stays then need not be moved, and something that is moved loses its focus.
  for (const node of old) if (!kept.has(node)) node.remove();
  let next = parent.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

function match(description, keyed, rest) {
  if (typeof description !== 'object') {
    const index = rest.findIndex(node => node.nodeType === Node.TEXT_NODE);
    return index < 0 ? null : rest.splice(index, 1)[0];
  }
  const { key } = description.attributes;
  if (key !== undefined) {
    const node = keyed.get(key);
    keyed.delete(key);
    return node && descriptions.get(node).tag === description.tag ? node : null;
  }
  const index = rest.findIndex(node => descriptions.get(node)?.tag === description.tag);
  return index < 0 ? null : rest.splice(index, 1)[0];
}

function make(description) {
  if (typeof description !== 'object') return document.createTextNode(String(description));
  const { tag } = description;
  const node = OF_SVG.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  update(node, description);
  return node;
}

function update(node, description) {
  if (typeof description !== 'object') {
    if (node.data !== String(description)) node.data = String(description);
    return;
  }
  const before = descriptions.get(node)?.attributes ?? {};
  const { attributes } = description;
  descriptions.set(node, description);
  // A choice can only be made among what is there.
  if (!attributes.opaque) patch(node, description.children);
  for (const name of Object.keys(before)) if (!(name in attributes)) set(node, name, undefined);
  for (const [name, value] of Object.entries(attributes)) {
    if (before[name] !== value) set(node, name, value);
  }
}

function set(node, name, value) {
  if (name === 'key' || name === 'opaque') return;
  if (name.startsWith('on')) {
    node[name] = value ?? null;
  } else if (LIVE.has(name) && node.tagName !== 'OPTION') {
    const wanted = value ?? (name === 'value' ? '' : false);
    if (node[name] !== wanted) node[name] = wanted;
  } else if (value === undefined || value === null || value === false) {
    node.removeAttribute(name);
  } else {
    node.setAttribute(name, value === true ? '' : String(value));
  }
}
