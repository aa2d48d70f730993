// What CodeMirror calls to style itself, with constructed style sheets in place of `style` elements: the policy of the
// pages allows no inline style sheet.
import {StyleModule as Elements} from 'style-mod';

const page = {
  ownerDocument: document,
  get adoptedStyleSheets() { return document.adoptedStyleSheets; },
  set adoptedStyleSheets(sheets) { document.adoptedStyleSheets = sheets; },
};

export class StyleModule extends Elements {
  static mount(root, modules, options) {
    Elements.mount(root === document ? page : root, modules, options);
  }
}
