// Task and start forms: rows of tables, and a draft that the server keeps and computes with.
// The server says what is visible and what sums up to what; nothing that is being typed is touched.

const renumber = (table) => {
  const name = table.dataset.table;
  const before = new RegExp(`^${name.replace(/[[\]]/g, '\\$&')}\\[\\d+\\]`);
  [...table.tBodies[0].rows].forEach((row, at) => {
    for (const part of row.querySelectorAll('[name], [for], [id], button[value]')) {
      for (const key of ['name', 'value']) {
        const text = part.getAttribute(key);
        if (text && (key === 'name' || part.matches('button'))) part.setAttribute(key, text.replace(before, `${name}[${at + 1}]`));
      }
      for (const key of ['id', 'for']) {
        const text = part.getAttribute(key);
        if (text) part.setAttribute(key, text.replace(/-\d+-/, `-${at + 1}-`));
      }
    }
  });
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[name=add_row], button[name=drop_row]');
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  if (button.name === 'add_row') {
    const table = form.querySelector(`[data-table="${button.value}"]`);
    const blank = form.querySelector(`template[data-row="${button.value}"]`).content.cloneNode(true);
    table.tBodies[0].append(blank);
    renumber(table);
    table.tBodies[0].lastElementChild.querySelector('input, select')?.focus();
  } else {
    const table = button.closest('table');
    button.closest('tr').remove();
    renumber(table);
  }
  form.dispatchEvent(new Event('change', {bubbles: true}));
});

async function draft(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  const answer = await fetch(form.dataset.draft, {method: 'POST', body: data, headers: {'HX-Request': 'true'}});
  if (!answer.ok) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const now of form.querySelectorAll('[data-sync]')) {
    const then = drawn.getElementById(now.id);
    if (then && then.innerHTML !== now.innerHTML) now.innerHTML = then.innerHTML;
  }
  for (const now of form.querySelectorAll('[data-sync-hidden]')) {
    const then = drawn.getElementById(now.id);
    if (then) now.hidden = then.hidden;
  }
  const said = drawn.querySelector('[data-draft]')?.textContent;
  for (const place of form.querySelectorAll('[data-draft]')) place.textContent = said || '';
}

const waiting = new WeakMap();
document.addEventListener('change', (event) => {
  const form = event.target.closest('form[data-draft]');
  if (!form) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => draft(form), 250));
});

// A field with more choices than a plain choice holds asks for those that fit.
document.addEventListener('input', async (event) => {
  const field = event.target.closest('[data-list]');
  if (!field) return;
  const answer = await fetch(`/references/${field.dataset.list}/options?text=${encodeURIComponent(field.value)}`);
  if (!answer.ok) return;
  const options = (await answer.json()).map(([key, label]) => Object.assign(document.createElement('option'), {value: key, textContent: label}));
  document.getElementById(field.getAttribute('list'))?.replaceChildren(...options);
});

// A long list of outcomes repeats the choice on the button below.
document.addEventListener('change', (event) => {
  const list = event.target.closest('[data-choices]');
  const button = list?.parentElement.querySelector('[data-repeats]');
  if (button && event.target.name === button.dataset.repeats) {
    button.dataset.word ||= button.textContent;
    button.textContent = `${button.dataset.word}: ${event.target.nextElementSibling.textContent}`;
  }
});

// A second click while the first is under way does nothing; the submission id guards the rest.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
  setTimeout(() => delete form.dataset.sent, 4000);
});
window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent));
