// What saving a file unchanged would lose or add, and taking that back in every later save: what another tool wrote
// stays, though a modeler has no place for it. What cannot be taken back is told before somebody saves.
import {parsed, written} from './source.js';

const XMLNS = 'http://www.w3.org/2000/xmlns/';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const NUMBER = /^-?\d+(\.\d+)?$/;

export function compare(before, after) {
  const [source, saved] = [places(parsed(before)), places(parsed(after))];
  return {lost: [...missing(source, saved)], added: [...missing(saved, source)]};
}

export function putBack(saved, {lost, added}) {
  const text = saved.replace(/\r/g, '&#xD;'); // a bare one would be read as a space
  if (![...lost, ...added].some(({kind}) => kind !== 'text')) return text;
  const document = parsed(text);
  const there = places(document);
  added.forEach((change) => takeAway(change, there));
  lost.forEach((change) => restore(change, there));
  return written(document);
}

export function gone({lost}) {
  return lost.filter(({kind}) => kind === 'text').map(({place, value}) => `${place}: ${value}`);
}

// Every element by its place: its id, or where it stands in the nearest element that has one. The number of its kind
// belongs to the place, so that nothing is put to a neighbour when one of them is gone.
function places(document) {
  const found = new Map([['', document]]);
  const waiting = [[kindOf(document.documentElement), document.documentElement]];
  while (waiting.length) {
    const [place, element] = waiting.shift();
    found.set(place, element);
    const all = {};
    for (const child of element.children) (all[kindOf(child)] ||= []).push(child);
    for (const child of element.children) {
      const kind = kindOf(child);
      const own = child.id ? `${kind}#${child.id}` : `${place}/${kind}[${all[kind].indexOf(child) + 1}/${all[kind].length}]`;
      waiting.push([own, child]);
    }
  }
  return found;
}

function kindOf(element) {
  return `{${element.namespaceURI}}${element.localName}`;
}

function* missing(from, to) {
  const whole = new Set();
  const placeOf = new Map([...from].map(([place, node]) => [node, place]));
  for (const [place, node] of from) {
    if (whole.has(node.parentNode)) {
      whole.add(node);
    } else if (!to.has(place)) {
      whole.add(node);
      yield {kind: 'node', place, node, parent: placeOf.get(node.parentNode), next: placeOf.get(node.nextElementSibling)};
    } else {
      const other = to.get(place);
      yield* comments(place, node, other, placeOf);
      if (place) yield* inside(place, node, other);
    }
  }
}

function* comments(place, node, other, placeOf) {
  const said = new Set([...other.childNodes].filter(isComment).map(({data}) => data));
  for (const comment of [...node.childNodes].filter(isComment)) {
    if (!said.has(comment.data)) yield {kind: 'node', place: null, node: comment, parent: place, next: placeOf.get(comment.nextElementSibling)};
  }
}

function* inside(place, element, other) {
  for (const {namespaceURI: namespace, name, localName: local, value} of element.attributes) {
    if (namespace === XMLNS) continue;
    const mine = meant(element, namespace, local, value);
    if (!other.hasAttributeNS(namespace, local) || !same(mine, meant(other, namespace, local, other.getAttributeNS(namespace, local)))) {
      yield {kind: 'attribute', place, namespace, name, local, value: mine};
    }
  }
  const [mine, its] = [ownText(element), ownText(other)];
  if (mine && mine !== its) yield {kind: 'text', place, value: mine.slice(0, 80)};
}

function takeAway({kind, place, node, namespace, local, value}, there) {
  const found = there.get(place);
  if (!found) return;
  if (kind === 'node' && serialized(found) === serialized(node)) found.remove();
  if (kind === 'attribute' && found.hasAttributeNS(namespace, local) && same(meant(found, namespace, local, found.getAttributeNS(namespace, local)), value)) {
    found.removeAttributeNS(namespace, local);
  }
}

function restore({kind, place, node, parent, next, namespace, local, name, value}, there) {
  if (kind === 'node') {
    const above = there.get(parent);
    if (!above || there.has(place)) return;
    const below = there.get(next) || (isComment(node) && above.nodeType === Node.DOCUMENT_NODE ? above.documentElement : null);
    above.insertBefore(above.ownerDocument?.importNode(node, true) || above.importNode(node, true), below?.parentNode === above ? below : null);
  }
  const found = kind === 'attribute' && there.get(place);
  if (!found || found.hasAttributeNS(namespace, local)) return;
  const prefix = namespace && found.lookupPrefix(namespace);
  found.setAttributeNS(namespace, prefix ? `${prefix}:${local}` : name, spelled(value, found));
}

// A value as it is meant: 30.0 is 30, and a type is its namespace and name whatever the prefix.
function meant(element, namespace, local, value) {
  if (namespace === XSI && local === 'type') {
    const [prefix, name] = value.includes(':') ? value.split(':') : [null, value];
    return {text: name, raw: name, uri: element.lookupNamespaceURI(prefix) || ''};
  }
  return {text: NUMBER.test(value) ? String(Number(value)) : value, raw: value, uri: ''};
}

function same(one, other) {
  return one.text === other.text && one.uri === other.uri;
}

function spelled({raw, uri}, element) {
  const prefix = uri && element.lookupPrefix(uri);
  return prefix ? `${prefix}:${raw}` : raw;
}

function ownText(element) {
  return [...element.childNodes].filter(({nodeType}) => nodeType === Node.TEXT_NODE || nodeType === Node.CDATA_SECTION_NODE).map(({data}) => data).join('').trim();
}

function isComment({nodeType}) {
  return nodeType === Node.COMMENT_NODE;
}

function serialized(node) {
  return new XMLSerializer().serializeToString(node);
}
