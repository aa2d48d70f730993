// The tap that opens a text copies it; where the browser refuses, it is selected for copying by hand.
document.addEventListener('click', async (event) => {
  const summary = event.target.closest('summary[data-copy]');
  if (!summary || summary.parentElement.open) return;
  const text = summary.parentElement.querySelector('pre');
  const name = summary.textContent;
  try {
    await navigator.clipboard.writeText(text.textContent);
    summary.textContent = summary.dataset.copy;
    setTimeout(() => { summary.textContent = name; }, 2000);
  } catch {
    getSelection().selectAllChildren(text);
  }
});
