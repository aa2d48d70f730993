// What stands round a modeler: opening, checking, drafts, deploying, leaving. It knows a modeler by six functions only.
import {compare, gone, putBack} from './kept.js';
import {readable, textOf, translated} from './source.js';
import {word} from './words.js';

const place = document.querySelector('[data-editor]');
const form = document.getElementById('editing');
const said = document.getElementById('editing-said');
const found = document.getElementById('editing-findings');
const clash = document.getElementById('editing-clash');

export async function desk(open) {
  let unkept = {lost: [], added: []};
  let back = (text) => text;
  let dirty = false;
  const canvas = place.querySelector('.canvas');
  const templates = place.dataset.templates ? await (await fetch(place.dataset.templates)).json() : [];
  const editor = await open({canvas, panel: place.querySelector('.panel'), templates});

  const content = async () => back(putBack(await editor.write(), unkept));
  const touched = (now) => {
    dirty = now;
    form.classList.toggle('dirty', now);
    document.getElementById('editing-dirty').hidden = !now;
  };

  async function load(bytes) {
    const {text, back: named} = translated(readable(textOf(bytes)));
    const warnings = await editor.read(text);
    back = named;
    unkept = compare(text, (await editor.write()).replace(/\r/g, '&#xD;'));
    tellLosses([...warnings, ...gone(unkept)]);
  }

  async function send(button, more = {}) {
    const body = new FormData(form);
    body.delete('file');
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    button.disabled = true;
    say(word('Sending …', '正在发送…'));
    try {
      body.set('file', new Blob([await content()], {type: 'application/xml'}), place.dataset.name);
      const answer = await fetch(button.formAction, {method: 'POST', body, headers: {Accept: 'application/json'}, redirect: 'manual'});
      if (!(answer.headers.get('Content-Type') || '').includes('json')) throw new Error(String(answer.status || ''));
      return await answer.json();
    } catch (error) {
      return {error: word('It could not be sent; nothing is lost here. Are you still signed in? Download the file, or sign in in another tab and try again.', '没有发送成功，这里的内容没有丢失。是否仍在登录？可先下载文件，或在另一个标签页登录后再试。') + (error.message ? ` (${error.message})` : '')};
    } finally {
      button.disabled = false;
    }
  }

  function take(answer) {
    say(answer.said || answer.error || '', answer.error ? 'bad' : '');
    if (answer.list !== undefined) {
      found.innerHTML = answer.list; // drawn by the server, every text escaped there
      found.hidden = false;
      editor.mark(answer.findings);
    }
    clash.hidden = !answer.clash;
    if (answer.clash) {
      clash.querySelector('p').textContent = answer.clash.text;
      clash.querySelector('button').value = answer.clash.digest;
    }
  }

  const acts = {
    async check(button) {
      take(await send(button));
    },
    async draft(button) {
      const answer = await send(button);
      if (!answer.error) touched(false);
      take(answer);
    },
    async deploy(button) {
      const answer = await send(button, button.name === 'over' ? {begun: button.value} : {});
      if (answer.to) {
        touched(false);
        location.assign(answer.to);
      } else take(answer);
    },
    async discard(button) {
      if (!confirm(word('Discard the draft and what is not saved?', '放弃草稿和未保存的修改？'))) return;
      touched(false);
      form.action = button.formAction;
      form.querySelector('input[type=file]').value = '';
      form.submit();
    },
    async download() {
      const link = Object.assign(document.createElement('a'), {download: place.dataset.name, href: URL.createObjectURL(new Blob([await content()], {type: 'application/xml'}))});
      link.click();
      URL.revokeObjectURL(link.href);
    },
  };

  form.addEventListener('submit', (event) => {
    const button = event.submitter;
    if (!button || !acts[button.dataset.act] || place.dataset.drawn !== 'yes') return; // then the form takes a file as it is
    event.preventDefault();
    acts[button.dataset.act](button);
  });
  form.querySelectorAll('button[type=button][data-act]').forEach((button) => button.addEventListener('click', () => acts[button.dataset.act](button)));
  form.querySelector('input[type=file]').addEventListener('change', async ({target}) => {
    if (!target.files.length) return;
    try {
      await load(new Uint8Array(await target.files[0].arrayBuffer()));
      touched(true);
      say(word('The file is open here; nothing is saved yet.', '文件已在此打开，尚未保存。'));
    } catch (error) {
      say(error.message, 'bad');
    }
  });
  found.addEventListener('click', (event) => {
    const jump = event.target.closest('[data-jump]');
    if (!jump) return;
    event.preventDefault();
    editor.show(jump.dataset.jump);
    place.scrollIntoView({block: 'nearest'});
  });
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 's') return;
    event.preventDefault();
    form.querySelector('[data-act=draft]').click();
  });
  window.addEventListener('beforeunload', (event) => { if (dirty) event.preventDefault(); });

  try {
    await load(new Uint8Array(await (await fetch(place.dataset.source)).arrayBuffer()));
    editor.changed(() => touched(true));
    document.querySelectorAll('[data-with-script]').forEach((part) => { part.hidden = false; });
    place.editor = editor;
    place.dataset.drawn = 'yes';
  } catch (error) {
    say(`${word('The file could not be drawn.', '文件画不出来。')} ${error.message}`, 'bad');
    place.dataset.drawn = 'no';
  }
}

function say(text, tone = '') {
  said.textContent = text;
  said.className = `said ${tone}`;
}

function tellLosses(lines) {
  const told = document.getElementById('editing-lost');
  told.hidden = !lines.length;
  told.querySelector('ul').replaceChildren(...lines.map((line) => Object.assign(document.createElement('li'), {textContent: line})));
}
