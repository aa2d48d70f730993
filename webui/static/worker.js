// The service worker: files of the pages, and the last page of every round, for when there is no network.
// SHELL stands above this line, put there by the server: the files of this build.
const FILES = 'gendan-files';
const PAGES = 'gendan-pages:';
const WHOSE = 'Gendan-Person';

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(FILES).then((files) => files.addAll(self.SHELL.map((path) => new Request(path, {cache: 'reload'})))));
});
self.addEventListener('activate', (event) => event.waitUntil(prune().then(() => self.clients.claim())));

// A page that is kept keeps the files it was made with, also those of an earlier build.
async function prune() {
  const used = new Set(self.SHELL);
  for (const name of await kept()) {
    const pages = await caches.open(name);
    for (const page of await pages.matchAll()) for (const [file] of (await page.text()).matchAll(/\/static\/dist\/[\w.-]+/g)) used.add(file);
  }
  const files = await caches.open(FILES);
  for (const request of await files.keys()) if (!used.has(new URL(request.url).pathname)) await files.delete(request);
}

const kept = async () => (await caches.keys()).filter((name) => name.startsWith(PAGES));
const forget = async (whose) => { for (const name of await kept()) if (name !== PAGES + whose) await caches.delete(name); };

// Whoever the server answers owns what is kept: the pages of anybody else, and of who signed out, go.
async function note(path, answer) {
  const whose = answer.headers.get(WHOSE);
  if (whose || path === '/signin') await forget(whose);
  if (!whose || !path.startsWith('/tasks/batch/')) return;
  const pages = await caches.open(PAGES + whose);
  if (answer.ok && answer.headers.has('Gendan-Keep')) await pages.put(path, answer);
  else await pages.delete(path, {ignoreVary: true});
}

async function visited(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500 && answer.type !== 'opaqueredirect') await note(path, answer.clone());
    return answer;
  } catch {
    for (const name of await kept()) {
      const found = await (await caches.open(name)).match(path, {ignoreVary: true});
      if (found) return found;
    }
    return (await caches.match('/offline/page', {ignoreVary: true})) || Response.error();
  }
}

self.addEventListener('fetch', (event) => {
  const {request} = event;
  const {origin, pathname} = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === 'navigate' && request.method === 'POST' && pathname === '/signout') event.waitUntil(forget(''));
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(visited(request, pathname));
  else if (pathname.startsWith('/static/')) event.respondWith(caches.match(request, {ignoreVary: true}).then((found) => found || fetch(request)));
});

self.addEventListener('message', (event) => {
  const path = event.data?.keep;
  if (path) event.waitUntil(fetch(path, {headers: {Accept: 'text/html'}}).then((answer) => !answer.redirected && note(path, answer)).catch(() => {}));
});
