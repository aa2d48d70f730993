// A page of rounds without network: what is filled in is kept on the device, and sent once there is one.
import {send} from './sending.js';
import {all, drop, everybodys, put} from './store.js';

const person = document.body.dataset.person;
const box = document.getElementById('kept');
const form = document.querySelector('form[data-keep]');
let outcome = '';
let sentHere = false;

const clock = (moment) => new Date(moment).toLocaleTimeString('sv-SE', {timeZone: box.dataset.zone, hour: '2-digit', minute: '2-digit'});
const counted = (name, number) => box.dataset[number === 1 ? `${name}One` : name].replace('{n}', number);
const bodyOf = (task) => form?.querySelector(`[data-task="${task}"]`);
const newId = (task) => `${[...crypto.getRandomValues(new Uint8Array(12))].map((each) => each.toString(16)).join('')}/${task}`;

// The time of observation is that of the first tap in the row, unless somebody typed one.
function observed(body) {
  const own = form.dataset.observed;
  const input = own && form.querySelector(`[name="${CSS.escape(own.startsWith('shared:') ? own : `${body.dataset.task}:${own}`)}"]`);
  if (!input || navigator.onLine || input.dataset.typed) return null;
  body.dataset.seen ||= new Date().toLocaleString('sv-SE', {timeZone: form.dataset.zone}).slice(0, 16).replace(' ', 'T');
  return [input.name, input.type === 'time' ? body.dataset.seen.slice(11) : body.dataset.seen];
}

function fieldsOf(body) {
  const seen = observed(body);
  return [...new FormData(form)]
    .filter(([name, value]) => (name.startsWith(`${body.dataset.task}:`) || name.startsWith('shared:')) && !(value instanceof File && !value.size))
    .map(([name, value]) => (seen && name === seen[0] ? seen : [name, value]));
}

// What was typed as it is read: a label and its words.
function saidOf(fields) {
  return fields.map(([name, value]) => {
    const control = form.querySelector(`[name="${CSS.escape(name)}"]${typeof value === 'string' && /radio|checkbox/.test(form.querySelector(`[name="${CSS.escape(name)}"]`)?.type) ? `[value="${CSS.escape(value)}"]` : ''}`);
    const field = control?.closest('.field');
    const label = field?.querySelector('legend, label:not(.choice)')?.textContent.trim() || '';
    const words = value instanceof File ? value.name : control?.type === 'radio' || control?.type === 'checkbox' ? control.closest('label').textContent.trim() : control?.selectedOptions?.[0]?.textContent || value;
    return [label, words, !!field?.hidden];
  }).filter(([, words, hidden]) => words && !hidden).map(([label, words]) => [label, words]);
}

async function keep(body, state) {
  const task = Number(body.dataset.task);
  const known = (await all(person)).find((row) => row.task === task);
  if (known?.state === 'sent') return;
  if (state === 'draft' && !body.querySelector('[data-pick]').checked) {
    if (known) await drop(known);
    return;
  }
  const fields = fieldsOf(body);
  await put({
    person, task, state, fields, said: saidOf(fields), page: location.pathname, to: body.dataset.to, title: body.dataset.title,
    submission: !known ? `${form.elements.submission.value}/${task}` : known.tried ? newId(task) : known.submission,
    drawnFor: form.elements.drawn_for.value, form: form.dataset.keep, keyedAt: new Date().toISOString(),
    seen: body.dataset.seen || '', tried: false, text: '', errors: {},
  });
}

function fill(body, row) {
  if (row.seen) body.dataset.seen = row.seen;
  for (const control of body.querySelectorAll('[name]')) if (/radio|checkbox/.test(control.type)) control.checked = false;
  for (const [name, value] of row.fields) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (value instanceof File) {
        const files = new DataTransfer();
        for (const [other, file] of row.fields) if (other === name) files.items.add(file);
        control.files = files.files;
      } else if (/radio|checkbox/.test(control.type)) control.checked ||= control.value === value;
      else if (!name.startsWith('shared:') || !control.value) control.value = value;
    }
  }
  body.querySelector('[data-pick]').checked = true;
}

function mark(body, row) {
  body.classList.toggle('filled', row.state !== 'sent');
  body.classList.toggle('bad', row.state === 'refused');
  const said = body.querySelector('[data-said]');
  said.textContent = row.state === 'sent' ? `✓ ${counted('sent', 1).replace('{at}', clock(row.sentAt))}` : row.state === 'refused' ? row.text || box.dataset.not : row.seen && row.state === 'kept' ? row.seen.slice(11) : '';
  for (const name of Object.keys(row.errors || {})) {
    const field = document.getElementById(`f-${row.task}-${name}-field`);
    if (field) field.hidden = false;
  }
  if (row.state !== 'sent') return;
  body.querySelector('[data-pick]').checked = false;
  for (const control of body.querySelectorAll('input, select, textarea, button')) control.disabled = true;
}

// Rows that are not on this page any more stand above it with what was typed, until somebody takes note.
function list(rows) {
  const item = (row) => {
    const made = box.querySelector('template').content.cloneNode(true);
    made.querySelector('b').textContent = row.title;
    made.querySelector('[data-why]').textContent = row.text || (row.state === 'refused' ? box.dataset.not : '');
    made.querySelector('[data-typed]').textContent = row.said.map(([label, words]) => `${label} ${words}`.trim()).join(' · ');
    made.querySelector('a').href = row.page;
    made.querySelector('button').addEventListener('click', async () => { await drop(row); show(); });
    return made;
  };
  box.querySelector('ul').replaceChildren(...rows.filter((row) => row.state === 'refused' && !bodyOf(row.task)).map(item));
}

async function show() {
  const rows = await all(person);
  const kept = rows.filter((row) => row.state === 'kept').length;
  const refused = rows.filter((row) => row.state === 'refused').length;
  const sent = rows.filter((row) => row.state === 'sent').map((row) => row.sentAt).sort();
  const offline = !navigator.onLine || outcome === 'offline';
  for (const row of rows) if (bodyOf(row.task)) mark(bodyOf(row.task), row);
  list(rows);
  const words = [
    kept ? counted(offline ? 'offline' : outcome === 'signin' ? 'signin' : 'waits', kept) : offline && form ? box.dataset.none : '',
    refused ? counted('refused', refused) : '',
    sent.length && (form || kept || refused || sentHere) ? counted('sent', sent.length).replace('{at}', clock(sent.at(-1))) : '',
  ].filter(Boolean);
  box.hidden = !words.length;
  const line = words.join(' ');
  const place = box.querySelector('[data-line]');
  if (place.textContent !== line) place.textContent = line;
  box.querySelector('[data-door]').hidden = !(kept && outcome === 'signin' && !offline);
  form?.dispatchEvent(new Event('counted'));
}

async function go() {
  if (!(await all(person)).some((row) => row.state === 'kept')) return show();
  outcome = navigator.onLine ? await send(person) : 'offline';
  sentHere ||= outcome === 'sent';
  await show();
  if (outcome === 'sent') (await navigator.serviceWorker?.getRegistration())?.active?.postMessage({keep: location.pathname});
}

// What is kept is not encrypted: what nobody came back for in a month does not stay on the device.
async function forget() {
  const limit = new Date(Date.now() - 30 * 24 * 3600_000).toISOString();
  for (const row of await everybodys()) if (row.keyedAt < limit) await drop(row);
}

async function begin() {
  await forget();
  const yesterday = new Date(Date.now() - 20 * 3600_000).toISOString();
  for (const row of await all(person)) {
    if (row.state === 'sent' && row.sentAt < yesterday) await drop(row);
    const body = bodyOf(row.task);
    if (body && row.state !== 'sent') fill(body, row);
  }
  await go();
  for (const name of ['online', 'offline']) window.addEventListener(name, go);
  document.addEventListener('visibilitychange', () => document.hidden || go());
  setInterval(go, 30_000);
}

if (person && box && window.indexedDB) begin();
if (form && person && window.indexedDB) {
  form.addEventListener('change', async (event) => {
    if (event.target.name === form.dataset.observed) event.target.dataset.typed = 'yes';
    const body = event.target.closest('[data-task]');
    for (const each of body ? [body] : form.querySelectorAll('[data-task]:has([data-pick]:checked)')) await keep(each, 'draft');
    await show();
  });
  form.addEventListener('submit', async (event) => {
    if (event.submitter?.name) return;
    event.preventDefault();
    for (const body of form.querySelectorAll('[data-task]:has([data-pick]:checked)')) await keep(body, 'kept');
    await go();
    box.scrollIntoView({block: 'nearest'});
  });
  navigator.serviceWorker?.register('/worker.js').then(() => navigator.serviceWorker.ready).then((found) => {
    if (!navigator.serviceWorker.controller || !performance.getEntriesByType('navigation')[0]?.workerStart) found.active.postMessage({keep: location.pathname});
  }).catch(() => {});
}

// Keep, drop or stay: what becomes of rows that were not sent is for who leaves to say.
function asked(unsent) {
  const dialog = document.getElementById('leaving');
  dialog.querySelector('[data-unsent]').textContent = counted('leaving', unsent);
  dialog.returnValue = 'stay';
  dialog.showModal();
  return new Promise((done) => { dialog.addEventListener('close', () => done(dialog.returnValue), {once: true}); });
}

// Who signs out takes the kept pages along, and chooses for what was not sent.
document.addEventListener('submit', (event) => {
  const leaving = event.target;
  if (!person || !leaving.action?.endsWith('/signout')) return;
  event.preventDefault();
  event.stopPropagation();
  (async () => {
    const unsent = (await all(person).catch(() => [])).filter((row) => row.state !== 'sent').length;
    const choice = unsent ? await asked(unsent) : 'keep';
    if (choice !== 'keep' && choice !== 'drop') return;
    if (choice === 'drop') for (const row of await all(person)) await drop(row);
    for (const name of (await window.caches?.keys()) ?? []) if (name.startsWith('gendan-pages:')) await caches.delete(name);
    leaving.submit();
  })();
}, true);

// In place of a page that is not kept: those that are.
async function offer(places) {
  for (const name of await caches.keys()) {
    if (!name.startsWith('gendan-pages:')) continue;
    const pages = await caches.open(name);
    for (const request of await pages.keys()) {
      const answer = await pages.match(request, {ignoreVary: true});
      const found = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const item = document.createElement('li');
      item.append(Object.assign(document.createElement('a'), {href: new URL(request.url).pathname, textContent: found.title}));
      places.append(item);
    }
  }
}
const places = document.querySelector('[data-kept-pages]');
if (places && window.caches) offer(places);
