// Scan a code with the camera where the browser can; buttons stay hidden where it cannot.
async function scan(take) {
  const dialog = document.createElement('dialog');
  const video = Object.assign(document.createElement('video'), {autoplay: true, playsInline: true, muted: true, width: 320});
  const close = Object.assign(document.createElement('button'), {type: 'button', textContent: '✕'});
  dialog.append(video, close);
  document.body.append(dialog);
  const stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment'}});
  video.srcObject = stream;
  dialog.showModal();
  const end = () => { stream.getTracks().forEach((track) => track.stop()); dialog.remove(); };
  close.addEventListener('click', end);
  dialog.addEventListener('close', end);
  const detector = new window.BarcodeDetector();
  const look = async () => {
    if (!dialog.isConnected) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (found) { end(); take(found.rawValue); } else requestAnimationFrame(look);
  };
  look();
}

if ('BarcodeDetector' in window && navigator.mediaDevices) {
  document.querySelectorAll('[data-scan], [data-scan-to]').forEach((part) => { part.hidden = false; });
  document.addEventListener('click', (event) => {
    const part = event.target.closest('[data-scan], [data-scan-to]');
    if (!part) return;
    event.preventDefault();
    scan((code) => {
      if (part.dataset.scanTo) location.href = `${part.dataset.scanTo}?text=${encodeURIComponent(code)}`;
      else {
        const field = document.getElementById(part.dataset.scan);
        field.value = code;
        field.dispatchEvent(new Event('change', {bubbles: true}));
      }
    }).catch(() => {});
  });
}
