// The inbox stays current by itself; what is being read does not move.
import htmx from 'htmx.org';

const every = 60_000;

async function refresh() {
  const inbox = document.getElementById('inbox');
  if (!inbox || document.hidden || document.querySelector('dialog[open]')) return;
  const anchor = [...inbox.querySelectorAll('tr.row')].find((row) => row.getBoundingClientRect().top > 60);
  const [id, top] = [anchor?.id, anchor?.getBoundingClientRect().top];
  const here = inbox.querySelector('tr.row.here')?.id;
  const focused = document.activeElement?.closest?.('tr.row')?.id;
  await htmx.ajax('GET', location.href, {target: '#inbox', swap: 'outerHTML'});
  const again = id && document.getElementById(id);
  if (again && window.scrollY > 0) window.scrollBy(0, again.getBoundingClientRect().top - top);
  if (here) document.getElementById(here)?.classList.add('here');
  if (focused) document.getElementById(focused)?.querySelector('a')?.focus({preventScroll: true});
}

if (document.getElementById('inbox')) {
  setInterval(refresh, every);
  document.addEventListener('visibilitychange', refresh);
}
