// The browser prints, or saves as PDF.
for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => window.print());
