// Steps through an instance on the diagram that is drawn; without it every step is a page of its own.
const place = document.getElementById('replay');
const frames = JSON.parse(place.dataset.steps);
const links = [...document.querySelectorAll('[data-at]')];
const said = document.getElementById('replay-now');
const counted = said.querySelector('b');
let viewer = null;
let at = Number(place.dataset.step);

const classes = ['passed', 'way', 'waits', 'now'];

function clear() {
  const canvas = viewer.get('canvas');
  viewer.get('overlays').clear();
  viewer.get('elementRegistry').forEach(({id}) => classes.forEach((name) => canvas.hasMarker(id, name) && canvas.removeMarker(id, name)));
}

function paint() {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const mark = (id, name) => registry.get(id) && canvas.addMarker(id, name);
  frames.slice(0, at).forEach((frame) => {
    if (frame.element) mark(frame.element, 'passed');
    frame.flows.forEach((id) => mark(id, 'way'));
  });
  frames[at - 1].marks.forEach((found) => {
    mark(found.element, found.class);
    if (!found.text || !registry.get(found.element)) return;
    const token = Object.assign(document.createElement('div'), {className: 'token', textContent: found.text});
    viewer.get('overlays').add(found.element, {position: {top: 0, right: 0}, html: token});
  });
}

// What is out of sight is brought into it, without changing how close one looks.
function follow() {
  const element = frames[at - 1].element && viewer.get('elementRegistry').get(frames[at - 1].element);
  if (!element) return;
  const {x, y, width, height} = viewer.get('canvas').viewbox();
  const mid = element.waypoints ? element.waypoints[0] : {x: element.x + element.width / 2, y: element.y + element.height / 2};
  if (mid.x < x || mid.y < y || mid.x > x + width || mid.y > y + height) viewer.get('canvas').scrollToElement(element);
}

// The list scrolls, never the page.
function inSight(link) {
  const list = link.closest('ol');
  const [one, whole] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
  list.scrollTop += one.top - whole.top - (whole.height - one.height) / 2;
}

function tell() {
  const link = links[at - 1];
  links.forEach((one) => one.removeAttribute('aria-current'));
  link.setAttribute('aria-current', 'step');
  inSight(link);
  counted.textContent = counted.textContent.replace(/\d+/, at);
  said.replaceChildren(counted, ` ${link.innerText.replace(/\s+/g, ' ')}`);
  const address = (number) => links[Math.min(Math.max(number, 1), links.length) - 1].getAttribute('href');
  document.querySelector('[data-go=back]').href = address(at - 1);
  document.querySelector('[data-go=forward]').href = address(at + 1);
  history.replaceState(null, '', link.href);
}

function go(number) {
  const wanted = Math.min(Math.max(number, 1), frames.length);
  if (!viewer || frames[wanted - 1].other) {
    location.assign(links[wanted - 1].href);
    return;
  }
  at = wanted;
  clear();
  paint();
  follow();
  tell();
}

const ways = {first: () => 1, back: () => at - 1, forward: () => at + 1, last: () => frames.length};
const plain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

document.addEventListener('click', (event) => {
  const way = event.target.closest('[data-go]');
  const step = event.target.closest('[data-at]');
  if (!plain(event) || !(way || step) || !viewer) return;
  event.preventDefault();
  go(way ? ways[way.dataset.go]() : Number(step.dataset.at));
});
document.addEventListener('keydown', (event) => {
  if (!plain(event) || event.target.closest('input, select, textarea')) return;
  if (event.key === 'ArrowLeft') go(at - 1);
  else if (event.key === 'ArrowRight') go(at + 1);
  else return;
  event.preventDefault();
});
place.addEventListener('drawn', ({detail}) => { viewer = detail; follow(); });
inSight(links[at - 1]);
