// A diagram with what happens on it: tokens, the way taken, counts, findings. The mark of bpmn.io stays visible.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

const english = document.documentElement.lang === 'en';
const words = english
  ? {closer: 'Closer', farther: 'Farther', whole: 'Whole diagram', failed: 'The diagram could not be drawn.'}
  : {closer: '放大', farther: '缩小', whole: '整图', failed: '流程图画不出来。'};

function overlay(viewer, mark) {
  const registry = viewer.get('elementRegistry');
  if (!registry.get(mark.element)) return;
  const token = Object.assign(document.createElement('div'), {className: `token ${mark.tone || ''}`, textContent: mark.text});
  if (mark.title) token.title = mark.title;
  viewer.get('overlays').add(mark.element, {position: {top: 0, right: 0}, html: token});
}

function paint(viewer, shown) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const mark = (id, name) => registry.get(id) && canvas.addMarker(id, name);
  Object.keys(shown.elements || {}).forEach((id) => mark(id, 'passed'));
  Object.keys(shown.flows || {}).forEach((id) => mark(id, 'way'));
  (shown.marks || []).forEach((found) => {
    if (found.class) mark(found.element, found.class);
    if (found.text) overlay(viewer, found);
  });
}

// The whole diagram with a margin, so that what stands at its rim is not cut.
function whole(viewer) {
  const canvas = viewer.get('canvas');
  const {inner} = canvas.viewbox();
  const rim = 28;
  canvas.viewbox({x: inner.x - rim, y: inner.y - rim, width: inner.width + 2 * rim, height: inner.height + 2 * rim});
}

// A wide diagram would be too small to read: begin where something waits.
function near(viewer, shown) {
  const canvas = viewer.get('canvas');
  const first = (shown.marks || []).find((mark) => mark.text && viewer.get('elementRegistry').get(mark.element));
  if (canvas.zoom() >= 0.45 || !first) return;
  canvas.zoom(0.6);
  canvas.scrollToElement(first.element);
}

function tools(viewer, place) {
  const bar = Object.assign(document.createElement('div'), {className: 'zoom'});
  const step = (factor) => () => viewer.get('zoomScroll').stepZoom(factor);
  for (const [text, name, act] of [
    ['+', words.closer, step(1)],
    ['−', words.farther, step(-1)],
    ['▢', words.whole, () => whole(viewer)],
  ]) {
    const button = Object.assign(document.createElement('button'), {type: 'button', textContent: text});
    button.setAttribute('aria-label', name);
    button.addEventListener('click', act);
    bar.append(button);
  }
  place.append(bar);
}

async function tell(place, id) {
  const said = document.getElementById(place.dataset.said);
  if (!said || !place.dataset.element) return;
  const answer = await fetch(place.dataset.element.replace('ELEMENT', encodeURIComponent(id)), {headers: {'HX-Request': 'true'}});
  if (answer.ok) said.innerHTML = await answer.text();
}

async function draw(place) {
  const viewer = new NavigatedViewer({container: place});
  try {
    const source = place.dataset.content || await (await fetch(place.dataset.diagram)).text();
    await viewer.importXML(source);
    const shown = JSON.parse(place.dataset.shown || '{}');
    whole(viewer);
    paint(viewer, shown);
    near(viewer, shown);
    tools(viewer, place);
    viewer.on('element.click', ({element}) => tell(place, element.id));
    place.dispatchEvent(new CustomEvent('drawn', {detail: viewer}));
    place.viewer = viewer;
    place.dataset.drawn = 'yes';
  } catch (error) {
    place.textContent = `${words.failed} ${error.message}`;
  }
}

const watcher = new IntersectionObserver((seen) => seen.filter((one) => one.isIntersecting).forEach((one) => {
  watcher.unobserve(one.target);
  draw(one.target);
}));
document.querySelectorAll('[data-diagram]').forEach((place) => watcher.observe(place));

// A line of a list leads to its element, on every diagram that has it.
let jumped = '';
document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-jump]');
  const places = link ? [...document.querySelectorAll('[data-diagram]')].filter((place) => place.viewer) : [];
  const holding = places.filter((place) => place.viewer.get('elementRegistry').get(link.dataset.jump));
  if (!holding.length) return;
  event.preventDefault();
  places.filter((place) => jumped && place.viewer.get('elementRegistry').get(jumped))
    .forEach((place) => place.viewer.get('canvas').removeMarker(jumped, 'chosen'));
  jumped = link.dataset.jump;
  for (const {viewer} of holding) {
    const canvas = viewer.get('canvas');
    canvas.addMarker(jumped, 'chosen');
    if (canvas.zoom() < 0.6) canvas.zoom(0.8);
    canvas.scrollToElement(jumped);
  }
  holding[0].scrollIntoView({block: 'nearest', behavior: 'smooth'});
});
