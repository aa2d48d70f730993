// Camunda's BPMN modeler with its panel and the practice's element templates. The mark of bpmn.io stays visible.
import Modeler from 'camunda-bpmn-js/lib/camunda-platform/Modeler';
import {desk} from './desk.js';
import {translate, translations} from './words.js';

const LEVELS = ['error', 'warning'];

async function open({canvas, panel, templates}) {
  const modeler = new Modeler({
    container: canvas,
    propertiesPanel: {parent: panel},
    disableAdjustOrigin: true, // saving must not move what nobody moved
    additionalModules: [translations],
  });
  modeler.get('elementTemplatesLoader').setTemplates(templates);
  const part = (name) => modeler.get(name);

  // Saving orders the shapes by what is drawn; what is not drawn (a process outside all pools) must not be dropped.
  const undrawn = new Map();
  const planes = () => modeler.getDefinitions().diagrams.map(({plane}) => plane).filter(Boolean);
  modeler.on('saveXML.start', 5000, () => planes().forEach((plane) => undrawn.set(plane, [...plane.get('planeElement')])));
  modeler.on('saveXML.start', 1, () => planes().forEach((plane) => {
    const drawn = plane.get('planeElement');
    drawn.push(...undrawn.get(plane).filter((each) => !drawn.includes(each)));
  }));

  function show(id) {
    const element = part('elementRegistry').get(id);
    if (!element) return false;
    const root = part('canvas').findRoot(element);
    if (root && root !== part('canvas').getRootElement()) part('canvas').setRootElement(root);
    part('canvas').scrollToElement(element, 120);
    part('selection').select(element);
    return true;
  }

  function mark(findings) {
    const registry = part('elementRegistry');
    part('overlays').remove({type: 'finding'});
    registry.forEach((element) => LEVELS.forEach((level) => part('canvas').removeMarker(element, level)));
    const worst = new Map();
    for (const {element, level, text} of findings) {
      if (!LEVELS.includes(level) || !registry.get(element)) continue;
      const held = worst.get(element) || {level, texts: []};
      worst.set(element, {level: level === 'error' ? level : held.level, texts: [...held.texts, text]});
    }
    for (const [id, {level, texts}] of worst) {
      part('canvas').addMarker(id, level);
      const sign = Object.assign(document.createElement('div'), {className: `token ${level === 'error' ? 'bad' : 'warn'}`, textContent: '!'});
      sign.title = texts.join('\n');
      part('overlays').add(id, 'finding', {position: {top: 0, right: 0}, html: sign});
    }
  }

  // What is pressed with a mouse is reached and pressed with keys, too.
  const reached = () => canvas.querySelectorAll('.djs-palette .entry, .djs-context-pad .entry').forEach((entry) => { entry.tabIndex = 0; });
  modeler.on(['palette.changed', 'contextPad.open', 'import.done'], () => requestAnimationFrame(reached));
  canvas.addEventListener('keydown', (event) => {
    if (!['Enter', ' '].includes(event.key) || !event.target.matches('.entry')) return;
    event.preventDefault();
    event.target.click();
  });

  return {
    async read(text) {
      const {warnings} = await modeler.importXML(text);
      part('canvas').zoom('fit-viewport', 'auto');
      if (part('canvas').zoom() < 0.4) near();
      return warnings.map((each) => each.message);
    },
    write: async () => (await modeler.saveXML({format: true})).xml,
    changed: (heard) => modeler.on('commandStack.changed', heard),
    show,
    mark,
    modeler,
  };

  // A wide diagram would be too small to work in: begin where it begins.
  function near() {
    const first = part('elementRegistry').find((element) => element.type === 'bpmn:StartEvent');
    part('canvas').zoom(0.7);
    if (first) part('canvas').scrollToElement(first, 160);
  }
}

desk(open, translate);
