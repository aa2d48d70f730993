// A batch page: a row counts as filled once something in it was chosen; shared fields can be filled down.
const sheet = document.querySelector('.many-sheet');

function count() {
  const rows = [...sheet.querySelectorAll('[data-task]')];
  const filled = rows.filter((row) => row.querySelector('[data-pick]')?.checked).length;
  const said = document.querySelector('[data-filled]');
  if (said) said.textContent = said.dataset.filled.replace('{filled}', filled).replace('{left}', rows.length - filled);
  const button = document.querySelector('[data-sends]');
  if (button) button.textContent = button.dataset.sends.replace('{filled}', filled);
}

// Without network: what one choice alone opens is known beforehand.
function open(row) {
  const task = row.dataset.task;
  for (const {field, by, values} of JSON.parse(sheet.closest('form').dataset.choices || '[]')) {
    const place = document.getElementById(`f-${task}-${field}-field`);
    const controls = [...row.querySelectorAll(`[name="${task}:${by}"]`)];
    const chosen = controls.some((each) => each.type === 'checkbox') ? String(controls.some((each) => each.checked)) : (controls.find((each) => each.type !== 'radio' || each.checked)?.value ?? '');
    if (place) place.hidden = !values.includes(chosen);
  }
}

// The server says what a row asks and sums up with what is chosen in it.
async function draw(row) {
  const data = new FormData(sheet.closest('form'));
  for (const [name, value] of [...data]) {
    const own = name.startsWith(`${row.dataset.task}:`) || name.startsWith('shared:') || name === 'csrf_token';
    if (!own || value instanceof File) data.delete(name);
  }
  const answer = await fetch(row.dataset.draw, {method: 'POST', body: data, headers: {'HX-Request': 'true'}}).catch(() => null);
  if (!answer?.ok) {
    open(row);
    return;
  }
  const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const now of row.querySelectorAll('[data-sync-hidden]')) now.hidden = drawn.getElementById(now.id)?.hidden ?? now.hidden;
  for (const now of row.querySelectorAll('[data-sync]')) now.innerHTML = drawn.getElementById(now.id)?.innerHTML ?? now.innerHTML;
}

if (sheet) {
  sheet.addEventListener('change', (event) => {
    const row = event.target.closest('[data-task]');
    const pick = row?.querySelector('[data-pick]');
    if (!pick) return;
    if (event.target !== pick) pick.checked = true;
    row.classList.toggle('filled', pick.checked);
    count();
    if (event.target !== pick) draw(row);
  });
  sheet.closest('form').addEventListener('counted', count);
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-fill-down]');
    if (!button) return;
    const name = button.dataset.fillDown;
    const rows = [...sheet.querySelectorAll('[data-task]')];
    const first = rows[0]?.querySelector(`[name$=":${name}"]`);
    for (const row of rows.slice(1)) {
      const control = row.querySelector(`[name$=":${name}"]`);
      if (control && first && row.querySelector('[data-pick]')?.checked && !control.value) control.value = first.value;
    }
  });
  count();
}
