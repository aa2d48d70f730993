// The modelers in the language of the page: their English texts are the keys.
import bpmn from './zh_diagram.json';
import panel from './zh_panel.json';
import tables from './zh_table.json';

const english = document.documentElement.lang === 'en';
const texts = english ? {} : {...bpmn, ...panel, ...tables};
const known = new Map(Object.entries(texts).map(([text, inChinese]) => [text.toLowerCase(), inChinese])); // “User Task” is “User task”

export function translate(template, replacements = {}) {
  const text = known.get(template.toLowerCase()) || template;
  return text.replace(/{([^}]+)}/g, (whole, name) => replacements[name] ?? whole);
}

export const translations = {translate: ['value', translate]};

// A word of our own in the language of the page.
export function word(inEnglish, inChinese) {
  return english ? inEnglish : inChinese;
}
