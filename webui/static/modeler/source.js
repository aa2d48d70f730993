// A file as the modelers can read it: its text by the encoding it declares, and no prefix of theirs bound to
// something else (a modeler that meets `camunda:` for another namespace cannot write the file again).
const OURS = {
  bpmn: 'http://www.omg.org/spec/BPMN/20100524/MODEL',
  bpmndi: 'http://www.omg.org/spec/BPMN/20100524/DI',
  dc: 'http://www.omg.org/spec/DD/20100524/DC',
  di: 'http://www.omg.org/spec/DD/20100524/DI',
  bioc: 'http://bpmn.io/schema/bpmn/biocolor/1.0',
  color: 'http://www.omg.org/spec/BPMN/non-normative/color/1.0',
  camunda: 'http://camunda.org/schema/1.0/bpmn',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
};
// The table modeler reads DMN 1.3; what 1.4 and 1.5 added is told as lost where a file uses it.
const READ_AS = [
  ['https://www.omg.org/spec/DMN/20230324/MODEL/', 'https://www.omg.org/spec/DMN/20191111/MODEL/'],
  ['https://www.omg.org/spec/DMN/20211108/MODEL/', 'https://www.omg.org/spec/DMN/20191111/MODEL/'],
  ['https://www.omg.org/spec/DMN/20230324/DMNDI/', 'https://www.omg.org/spec/DMN/20191111/DMNDI/'],
];
const XMLNS = 'http://www.w3.org/2000/xmlns/';

export function textOf(bytes) {
  const head = new TextDecoder('latin1').decode(bytes.slice(0, 200));
  const declared = /^[^>]*encoding=["']([\w.-]+)["']/.exec(head);
  return new TextDecoder(declared ? declared[1] : 'utf-8').decode(bytes).replace(/(<\?xml[^>]*encoding=["'])[\w.-]+/, '$1UTF-8');
}

// The text with the namespaces the modelers read, and the way back.
export function translated(text) {
  const used = READ_AS.filter(([newer]) => text.includes(`"${newer}"`));
  const swap = (pairs) => (given) => pairs.reduce((made, [from, to]) => made.replaceAll(`"${from}"`, `"${to}"`), given);
  return {text: swap(used)(text), back: swap(used.map(([newer, older]) => [older, newer]))};
}

export function parsed(text) {
  const found = new DOMParser().parseFromString(text, 'application/xml');
  const wrong = found.querySelector('parsererror');
  if (wrong) throw new Error(wrong.textContent.trim().split('\n')[1] || wrong.textContent.trim());
  return found;
}

export function written(document) {
  const nodes = [...document.childNodes].map((node) => new XMLSerializer().serializeToString(node));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${nodes.join('\n')}\n`;
}

export function readable(text) {
  const document = parsed(text);
  const taken = new Map();
  for (const element of document.querySelectorAll('*')) {
    for (const {prefix, localName, value} of [...element.attributes]) {
      if (prefix !== 'xmlns' || !(localName in OURS) || OURS[localName] === value) continue;
      taken.set(value, `${localName}_other`);
      element.removeAttributeNS(XMLNS, localName);
      element.setAttributeNS(XMLNS, `xmlns:${localName}_other`, value);
    }
  }
  if (!taken.size) return text;
  for (const element of [...document.querySelectorAll('*')]) renamed(element, taken);
  return written(document);
}

function renamed(element, taken) {
  for (const attribute of [...element.attributes]) {
    if (!attribute.prefix || !taken.has(attribute.namespaceURI)) continue;
    element.removeAttributeNode(attribute);
    element.setAttributeNS(attribute.namespaceURI, `${taken.get(attribute.namespaceURI)}:${attribute.localName}`, attribute.value);
  }
  if (!element.prefix || !taken.has(element.namespaceURI)) return;
  const other = element.ownerDocument.createElementNS(element.namespaceURI, `${taken.get(element.namespaceURI)}:${element.localName}`);
  for (const attribute of [...element.attributes]) other.setAttributeNode(element.removeAttributeNode(attribute));
  other.append(...element.childNodes);
  element.replaceWith(other);
}
