// Sends what is kept, row by row, one tab at a time; a row carries the id under which the database takes it once.
import {all, one, put} from './store.js';

const turn = (work) => (navigator.locks ? navigator.locks.request('gendan-send', work) : work());

// How it went: sent, offline, signin (somebody else or nobody is signed in), later (the server cannot just now).
export const send = (person) => turn(async () => {
  const waiting = (await all(person)).filter((row) => row.state === 'kept');
  if (!waiting.length) return 'sent';
  try {
    const asked = await fetch('/offline/token', {redirect: 'manual', cache: 'no-store'});
    if (asked.type === 'opaqueredirect') return 'signin';
    if (!asked.ok) return 'later';
    const now = await asked.json();
    if (now.person !== person) return 'signin';
    for (const row of waiting) {
      const stopped = await post(row, now.token);
      if (stopped) return stopped;
    }
  } catch {
    return 'offline';
  }
  return 'sent';
});

async function post(row, token) {
  await put({...row, tried: true});
  const data = new FormData();
  for (const [name, value] of row.fields) data.append(name, value);
  for (const name of ['submission', 'form']) data.append(name, row[name]);
  data.append('drawn_for', row.drawnFor);
  data.append('keyed_at', row.keyedAt);
  const answer = await fetch(row.to, {method: 'POST', body: data, redirect: 'manual', headers: {'X-CSRFToken': token}});
  if (answer.type === 'opaqueredirect') return 'signin';
  if (answer.status === 400 || answer.status === 429 || answer.status >= 500) return 'later';
  const said = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : null;
  if (answer.ok && !said) return 'signin';
  const current = await one(row.person, row.task);
  if (current?.submission !== row.submission) return '';  // changed meanwhile: it is sent anew
  const over = said?.outcome === 'done';
  await put({
    ...row, tried: true, state: over ? 'sent' : 'refused', fields: over ? [] : row.fields, said: over ? [] : row.said,
    text: said?.text || '', errors: said?.errors || {}, sentAt: new Date().toISOString(),
  });
  return '';
}
