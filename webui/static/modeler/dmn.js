// The decision table modeler: tables, literal expressions and the graph of decisions.
import Modeler from 'dmn-js/lib/Modeler';
import camunda from 'camunda-dmn-moddle/resources/camunda.json';
import {desk} from './desk.js';
import {translate, translations} from './words.js';

const VIEWS = ['drd', 'decisionTable', 'literalExpression', 'boxedExpression'];

async function open({canvas}) {
  const modeler = new Modeler({
    container: canvas,
    moddleExtensions: {camunda},
    ...Object.fromEntries(VIEWS.map((view) => [view, {additionalModules: [translations]}])),
  });
  let heard = () => {};
  modeler.on('viewer.created', ({viewer}) => viewer.on('commandStack.changed', () => heard()));
  let marked = [];

  // A finding of a table names its decision, a rule or a cell: the row is coloured where one is shown.
  function draw() {
    canvas.querySelectorAll('th.index-column').forEach((corner) => corner.setAttribute('role', 'presentation')); // it is empty
    canvas.querySelectorAll('.finding').forEach((each) => each.classList.remove('finding', 'error', 'warning'));
    for (const {element, level} of marked) {
      canvas.querySelectorAll(`[data-row-id="${CSS.escape(element)}"], [data-element-id="${CSS.escape(element)}"], [data-col-id="${CSS.escape(element)}"]`)
        .forEach((each) => each.classList.add('finding', level));
    }
  }
  modeler.on('import.done', () => requestAnimationFrame(draw));
  modeler.on('views.changed', () => requestAnimationFrame(draw));

  return {
    async read(text) {
      const {warnings} = await modeler.importXML(text);
      const table = modeler.getViews().find(({type}) => type === 'decisionTable');
      if (table && modeler.getViews().filter(({type}) => type !== 'drd').length === 1) await modeler.open(table);
      return warnings.map((each) => each.message);
    },
    write: async () => (await modeler.saveXML({format: true})).xml,
    changed: (told) => { heard = told; },
    async show(id) {
      const view = modeler.getViews().find(({element}) => element.id === id || holds(element, id));
      if (!view) return false;
      await modeler.open(view);
      draw();
      canvas.querySelector(`[data-row-id="${CSS.escape(id)}"], [data-element-id="${CSS.escape(id)}"]`)?.scrollIntoView({block: 'center'});
      return true;
    },
    mark(findings) {
      marked = findings;
      draw();
    },
    modeler,
  };
}

function holds(element, id) {
  const logic = element.decisionLogic;
  const parts = [...(logic?.rule || []), ...(logic?.input || []), ...(logic?.output || [])];
  return parts.some((each) => each.id === id || [...(each.inputEntry || []), ...(each.outputEntry || [])].some((cell) => cell.id === id));
}

desk(open, translate);
