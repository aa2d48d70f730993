// The rows kept on this device until the server has them, each under its person: nobody else's are read.
const opened = () => new Promise((done, failed) => {
  const asked = indexedDB.open('gendan', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('rows', {keyPath: ['person', 'task']});
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

async function act(mode, work) {
  const base = await opened();
  try {
    return await new Promise((done, failed) => {
      const step = base.transaction('rows', mode);
      const asked = work(step.objectStore('rows'));
      step.oncomplete = () => done(asked.result);
      step.onerror = step.onabort = () => failed(step.error);
    });
  } finally {
    base.close();
  }
}

export const all = (person) => act('readonly', (rows) => rows.getAll(IDBKeyRange.bound([person], [person, []])));
export const everybodys = () => act('readonly', (rows) => rows.getAll());
export const one = (person, task) => act('readonly', (rows) => rows.get([person, task]));
export const put = (row) => act('readwrite', (rows) => rows.put(row));
export const drop = (row) => act('readwrite', (rows) => rows.delete([row.person, row.task]));
