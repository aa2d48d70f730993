// Everything without the mouse: / j k Enter c n ?
const rows = () => [...document.querySelectorAll('tr.row')].filter((row) => row.offsetParent);

function move(step) {
  const all = rows();
  const at = all.findIndex((row) => row.classList.contains('here'));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  if (!next) return;
  all.forEach((row) => row.classList.toggle('here', row === next));
  next.querySelector('a')?.focus({preventScroll: true});
  next.scrollIntoView({block: 'nearest'});
}

const actions = {
  '/': () => document.getElementById('find')?.focus(),
  j: () => move(1),
  k: () => move(-1),
  c: () => document.querySelector('tr.row.here [data-claim]')?.click(),
  n: () => document.querySelector('[data-next]')?.click(),
  '?': () => document.getElementById('keys')?.showModal(),
};

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input:not([type=checkbox], [type=radio]), textarea, select, dialog[open]');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});
