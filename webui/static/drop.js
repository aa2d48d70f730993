// A file dropped on a drop field is taken as if it had been chosen there.
for (const place of document.querySelectorAll('[data-drop]')) {
  const field = place.querySelector('input[type=file]');
  const mark = (on) => (event) => { event.preventDefault(); place.classList.toggle('over', on); };
  place.addEventListener('dragover', mark(true));
  place.addEventListener('dragleave', mark(false));
  place.addEventListener('drop', (event) => {
    mark(false)(event);
    field.files = event.dataTransfer.files;
    field.form.requestSubmit();
  });
}
