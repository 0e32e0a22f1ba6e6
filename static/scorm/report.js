// Carries the score of the lab in this page to the learning platform that opened it: from the messages of SPLICE's protocol,
// which the lab sends to any page around it, to the SCORM 1.2 API, which the platform offers in a window around this one.
(() => {
  'use strict';

  const frame = document.querySelector('iframe');
  const lab = frame.dataset.lab;
  const home = new URL(lab).origin;
  /** How long the lab may take to say that it is there, in milliseconds. */
  const PATIENCE = 20000;
  /** SCORM 1.2 keeps no longer text. */
  const ROOM = 4096;

  const show = (id, on = true) => { document.getElementById(id).hidden = !on; };

  /** The platform's API: that of the next window around this one which has it, then of the one that opened the outermost. */
  function find() {
    let at = window;
    for (let hop = 0; at && hop < 100; hop += 1) {
      try {
        if (typeof at.API?.LMSInitialize === 'function') return at.API;
      } catch {
        // That window is another origin's. One beyond it may be ours again.
      }
      at = at.parent === at ? at.opener : at.parent;
    }
    return null;
  }

  const api = find();
  let open = false;

  /** Calls the platform, and says what it refuses. */
  function call(name, ...values) {
    try {
      const answer = String(api[name](...values));
      if (answer !== 'false') return true;
      const error = String(api.LMSGetLastError());
      document.getElementById('why').textContent = `${name} ${values[0]}: ${error} ${api.LMSGetErrorString(error)}`;
    } catch (error) {
      document.getElementById('why').textContent = `${name}: ${error.message}`;
    }
    show('refused');
    return false;
  }
  const get = (key) => String(api.LMSGetValue(key) ?? '');
  const set = (key, value) => call('LMSSetValue', key, String(value));
  const save = () => call('LMSCommit', '');
  const has = (...states) => states.includes(get('cmi.core.lesson_status'));

  /** What the lab had reported when it was open before. */
  function kept() {
    try {
      return JSON.parse(get('cmi.suspend_data'));
    } catch {
      return null;
    }
  }

  /** A score of 0 to 1 and the run that has it. What was better before stays. */
  function report(score, state) {
    const points = Math.round(100 * Math.min(1, Math.max(0, Number(score) || 0)));
    const before = get('cmi.core.score.raw');
    if (before !== '' && Number(before) > points) return;
    const texts = [state, { code: state?.code }].map((one) => JSON.stringify(one ?? null));
    const told = [
      set('cmi.core.score.raw', points),
      has('passed') || set('cmi.core.lesson_status', points === 100 ? 'passed' : 'incomplete'),
      set('cmi.suspend_data', texts.find((text) => text.length <= ROOM) ?? ''),
      save(),
    ];
    if (told.every(Boolean)) show('refused', false);
  }

  let here = false;
  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== home || typeof data !== 'object' || data === null) return;
    if (data.type === 'initlab:here') {
      here = true;
      show('missing', false);
    }
    // The platform's own frame may be lower than the lab: then this page scrolls, and not the lab within it.
    if (data.type === 'initlab:resize' && data.height > 0) frame.style.height = `${data.height}px`;
    if (!open) return;
    if (data.subject === 'SPLICE.reportScoreAndState') report(data.score, data.state);
    if (data.subject === 'SPLICE.getState') {
      source.postMessage({ subject: 'SPLICE.getState.response', message_id: data.message_id, state: kept() }, home);
    }
  });

  if (api) {
    open = call('LMSInitialize', '');
    if (open && !has('passed', 'completed', 'failed')) {
      set('cmi.core.lesson_status', 'incomplete');
      set('cmi.core.score.min', 0);
      set('cmi.core.score.max', 100);
      save();
    }
  } else show('alone');

  window.addEventListener('pagehide', () => {
    if (!open) return;
    const seconds = performance.now() / 1000;
    const part = (number, digits) => String(number).padStart(digits, '0');
    const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60].map((number, at) => part(number, at ? 2 : 4));
    set('cmi.core.session_time', `${time.join(':')}:${part((seconds % 60).toFixed(2), 5)}`);
    set('cmi.core.exit', 'suspend');
    save();
    call('LMSFinish', '');
    open = false;
  });
  // A page that comes back from the browser's memory has finished with the platform.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });

  setTimeout(() => show('missing', !here), PATIENCE);
  frame.src = lab;
})();
