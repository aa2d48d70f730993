// What pages do beyond links and forms; each works without, only slower.
import 'htmx.org';
import './kept.js';
import './keys.js';
import './inbox.js';
import './form.js';
import './batch.js';
import './scan.js';
import './drop.js';
import './paper.js';
import './copy.js';

const password = document.querySelector('.shown input');
if (password) {
  const button = Object.assign(document.createElement('button'), {type: 'button', className: 'plain'});
  const words = document.documentElement.lang === 'en' ? ['Show', 'Hide'] : ['显示', '隐藏'];
  const draw = () => { button.textContent = words[password.type === 'text' ? 1 : 0]; };
  button.addEventListener('click', () => { password.type = password.type === 'text' ? 'password' : 'text'; draw(); });
  draw();
  password.after(button);
}
document.querySelector('.errors')?.focus();
