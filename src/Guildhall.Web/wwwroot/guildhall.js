// Makes pages livelier; every page works without it. Times follow the server's clock, which a demo may have moved.
const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const skew = root.dataset.now ? Date.parse(root.dataset.now) - Date.now() : 0;
const now = () => Date.now() + skew;
// Said with what a page asks by itself: nobody has to be sitting before it, so it keeps no session from getting idle.
const byItself = { accept: 'text/html', 'x-by-itself': '1' };
const locale = root.lang === 'ar' ? 'ar-u-nu-latn' : root.lang || 'en';

// The server renders times in the reader's own zone once it knows it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && zone !== root.dataset.zone) {
  const secure = location.protocol === 'https:';
  document.cookie = `${secure ? '__Host-' : ''}zone=${encodeURIComponent(zone)};path=/;max-age=31536000;samesite=lax${secure ? ';secure' : ''}`;
}

// A time that was chosen on another day is chosen no more: nobody books what they do not see.
for (const picker of all('.slots')) {
  picker.addEventListener('change', event => {
    if (event.target.closest('.slots-days')) for (const time of all('.slots-times :checked', picker)) time.checked = false;
  });
}

// A secret behind # goes into the form that sends it and leaves the address; the form for those without it steps aside.
const secret = document.querySelector('[data-from-hash]');
if (secret && location.hash.length > 20) {
  secret.value = location.hash.slice(1);
  history.replaceState(null, '', location.pathname + location.search);
  document.querySelector('[data-link-form]').hidden = false;
  document.querySelector('[data-code-form]').hidden = true;
}

// <input data-check="…">: the server says at once whether the secret is still good, and how long what goes with it has to be. It uses nothing up.
const post = (address, body) => fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
if (secret?.value && secret.dataset.check) {
  post(secret.dataset.check, { token: secret.value }).then(async answer => {
    if (answer.status === 400) document.querySelector('[data-link-bad]').hidden = false;
    if (answer.ok) all('[data-strength]').forEach(async box => { box.dataset.min = (await answer.clone().json()).minLength; });
  }).catch(() => { /* the form will say so */ });
}

// <p data-strength="field">: what the server thinks of a password while it is typed. The words stand on the element, in the reader's language.
function measure(box) {
  const input = document.getElementById(box.dataset.strength);
  const field = name => input.form.elements[name]?.value || undefined;
  let timer;
  let asked = 0;
  input?.addEventListener('input', () => {
    clearTimeout(timer);
    if (!input.value) { box.hidden = true; return; }
    timer = setTimeout(async () => {
      const mine = ++asked;
      try {
        const answer = await post('/api/v1/auth/password-strength', { password: input.value, email: field('email'), displayName: field('displayName'), minLength: Number(box.dataset.min) });
        if (!answer.ok || mine !== asked || !input.value) return;
        const { score, advice } = await answer.json();
        box.querySelector('meter').value = advice === 'good' ? 4 : Math.min(score, advice === 'too_short' ? 1 : 2);
        box.querySelector('span').textContent = box.dataset[advice.replace(/_(.)/g, (_, letter) => letter.toUpperCase())];
        box.hidden = false;
      } catch { /* advice only: the form decides */ }
    }, 400);
  });
}
all('[data-strength]').forEach(measure);

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });
const units = [['day', 86400], ['hour', 3600], ['minute', 60]];
function showRelative(element) {
  const seconds = (Date.parse(element.dateTime) - now()) / 1000;
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  if (unit === 'day' && Math.abs(seconds) > 14 * 86400) return;
  element.textContent = unit === 'second' ? relative.format(0, 'second') : relative.format(Math.trunc(seconds / size), unit);
}

function showCountdown(element) {
  const left = Math.max(0, Math.ceil((Date.parse(element.dateTime) - now()) / 1000));
  const two = n => String(n).padStart(2, '0');
  const hours = Math.floor(left / 3600);
  element.textContent = (hours ? `${hours}:${two(Math.floor(left / 60) % 60)}` : Math.floor(left / 60)) + `:${two(left % 60)}`;
  element.closest('.countdown')?.classList.toggle('is-low', left <= 60);
  if (left === 0 && !element.dataset.over) {
    element.dataset.over = 'yes';
    // The page was made before the end it shows, so one reload brings what the server says now.
    if (element.dataset.countdown === 'reload') setTimeout(() => location.reload(), 1500);
  }
}

function enliven(from) {
  all('time[data-relative]', from).forEach(showRelative);
  all('time[data-countdown]', from).forEach(showCountdown);
  all('[data-scroll-end]', from).forEach(box => { box.scrollTop = box.scrollHeight; });
  all('[data-needs-script]', from).forEach(element => { element.hidden = false; });
  if (window.PublicKeyCredential) {
    all('[data-passkey]', from).forEach(form => { form.hidden = false; });
    all('[data-without-passkeys]', from).forEach(element => { element.hidden = true; });
  }
  all('form[data-auto]', from).forEach(sendQuietly);
}

// <form data-auto>: what a reader's eyes have done already (read marks) is sent without a press.
function sendQuietly(form) {
  if (document.hidden || form.dataset.sent) return;
  form.dataset.sent = 'yes';
  fetch(form.action, { method: 'POST', body: new FormData(form), redirect: 'manual', headers: { 'x-by-itself': '1' } }).catch(() => { delete form.dataset.sent; });
}
document.addEventListener('visibilitychange', () => all('form[data-auto]').forEach(sendQuietly));

enliven(document);
setInterval(() => all('time[data-countdown]').forEach(showCountdown), 1000);
setInterval(() => all('time[data-relative]').forEach(showRelative), 30000);

document.addEventListener('click', async event => {
  const act = event.target.closest('[data-copy],[data-dialog],[data-close],[data-reveal],[data-print]');
  if (!act) {
    if (event.target.nodeName === 'DIALOG') event.target.close();
    all('details[data-menu][open]').forEach(menu => { if (!menu.contains(event.target)) menu.open = false; });
    return;
  }
  const { copy, dialog, close, reveal, print } = act.dataset;
  if (print !== undefined) window.print();
  else if (copy !== undefined) {
    await navigator.clipboard.writeText(copy || act.previousElementSibling.textContent.trim());
    const label = act.querySelector('.copy-word') ?? act;
    const before = label.textContent;
    label.textContent = act.dataset.done || before;
    setTimeout(() => { label.textContent = before; }, 1600);
  } else if (dialog !== undefined) {
    const box = document.getElementById(dialog);
    if (box?.showModal) { event.preventDefault(); box.showModal(); }
  } else if (close !== undefined) {
    const box = act.closest('dialog,.toast');
    if (box) { event.preventDefault(); box.nodeName === 'DIALOG' ? box.close() : box.remove(); }
  } else if (reveal !== undefined) {
    const input = document.getElementById(reveal);
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    act.setAttribute('aria-pressed', String(shown));
  }
});

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') all('details[data-menu][open]').forEach(menu => { menu.open = false; menu.firstElementChild.focus(); });
});

// Live regions: <section id="…" data-live="topic"> is fetched anew with its page when the stream hints that its topic moved.
function adopt(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const old of all('[data-live][id]')) {
    const fresh = page.getElementById(old.id);
    if (fresh && fresh.innerHTML !== old.innerHTML) {
      old.replaceWith(fresh);
      enliven(fresh.parentNode);
      fresh.dispatchEvent(new CustomEvent('guildhall:refreshed', { bubbles: true }));
    }
  }
  return page;
}

// A page that has more to follow than it had, such as a chat that has opened, is loaded anew.
const widened = page => words('topics', page).some(topic => !followed.some(known => known.split('=')[0] === topic.split('=')[0]));

let refreshing;
let again = false;
async function refresh() {
  if (refreshing) { again = true; return; }
  refreshing = true;
  try {
    const answer = await fetch(location.href, { headers: byItself });
    if (answer.ok && widened(adopt(await answer.text()))) location.reload();
  } catch { /* the next hint or the stream's reconnection tries again */ }
  refreshing = false;
  if (again) { again = false; refresh(); }
}

// data-poll: somebody else has the word. Asks every second for ten seconds, then more calmly; when the mark is gone the page has changed its shape.
let waiting = Boolean(document.querySelector('[data-poll]'));
async function ask() {
  try {
    const answer = await fetch(location.href, { headers: byItself });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (waiting && answer.ok && !page.querySelector('[data-poll]')) { waiting = false; location.reload(); }
  } catch { /* asked again below */ }
}
async function poll() {
  for (let round = 0; waiting && round < 60; round++) {
    await new Promise(done => setTimeout(done, round < 10 ? 1000 : 5000));
    if (waiting) await ask();
  }
}
poll();

// data-topics="inbox chat:id=42": what to follow, and after "=" how far the page already is. data-events names events besides the topic's own.
const words = (name, root) => [...new Set(all(`[data-${name}]`, root).flatMap(element => element.dataset[name].split(' ')).filter(Boolean))];
const followed = words('topics');
if (followed.length && 'EventSource' in window) {
  const topics = followed.map(topic => topic.split('=')[0]);
  const after = followed.filter(topic => topic.includes('='));
  const stream = new EventSource('/events?' + new URLSearchParams({ topics: topics.join(','), after: after.join(',') }));
  const hear = event => {
    const detail = { name: event.type, ...JSON.parse(event.data) };
    document.dispatchEvent(new CustomEvent('guildhall:event', { detail }));
    all(`[data-badge="${CSS.escape(detail.topic)}"]`).forEach(badge => {
      if (Number.isInteger(detail.data?.unread)) badge.textContent = detail.data.unread || '';
    });
    if (waiting) { ask(); return; }
    if (isPassing(detail)) return;
    if (document.querySelector(`[data-reload-on~="${CSS.escape(event.type)}"]`)) { location.reload(); return; }
    if (all('[data-live]').some(element => element.dataset.live.split(' ').includes(detail.topic))) refresh();
  };
  new Set(['message', ...topics.map(topic => topic.split(':')[0]), ...words('events')]).forEach(name => stream.addEventListener(name, hear));
  window.addEventListener('pagehide', () => stream.close());
}

// <p data-them="account">: whether the other side of a chat is here and writes. Nothing of it stands on the page, so nothing is fetched for it.
const readUpTo = {};
function isPassing({ name, topic, data }) {
  if (name === 'chat-presence' || name === 'call' && data.body) return true;
  if (name !== 'chat-state') return false;
  const before = readUpTo[topic];
  readUpTo[topic] = JSON.stringify(data.map(person => [person.personId, person.readSeq]));
  return before === readUpTo[topic];
}
function showThem(box) {
  const isTyping = Number(box.dataset.until ?? 0) > now();
  box.textContent = isTyping ? box.dataset.typing : box.dataset.isHere ? box.dataset.here : '';
  box.hidden = !box.textContent;
}
document.addEventListener('guildhall:event', ({ detail: { topic, data } }) => {
  for (const box of all('[data-them]')) {
    if (topic === box.dataset.presence) box.dataset.isHere = data.people.includes(box.dataset.them) ? 'yes' : '';
    if (topic === box.dataset.state) {
      const until = Date.parse(data.find(person => person.personId === box.dataset.them)?.typingUntil ?? '') || 0;
      box.dataset.until = until;
      if (until > now()) setTimeout(showThem, until - now() + 50, box);
    }
    showThem(box);
  }
});
let saidTyping = 0;
document.addEventListener('input', ({ target }) => {
  if (!target.dataset.saysTyping || Date.now() - saidTyping < 3000) return;
  saidTyping = Date.now();
  fetch(target.dataset.saysTyping, { method: 'POST' }).catch(() => { /* it is only shown for a moment */ });
});

// <form data-live-form>: sent in place; the page it redirects to brings the new live regions and the next hidden fields.
document.addEventListener('submit', async event => {
  const form = event.target;
  if (!form.matches('form[data-live-form]')) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = 'yes';
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form, event.submitter), headers: { accept: 'text/html' } });
    const page = adopt(await answer.text());
    const fresh = page.getElementById(form.id);
    if (answer.ok && fresh) {
      form.reset();
      all('input[type=hidden]', form).forEach(input => { input.value = fresh.elements[input.name]?.value ?? input.value; });
      form.querySelector('textarea,input:not([type=hidden])')?.focus();
    } else {
      location.reload();
    }
  } catch {
    form.submit();
  }
  delete form.dataset.busy;
});

// A form that has to wait for a proof or a sign-in gets back what was typed in it, once: in this tab, for the same person, never a password.
const typed = form => all('input,select,textarea', form).filter(field => field.name && !['hidden', 'password', 'file', 'submit'].includes(field.type));
const isAsked = !root.dataset.who || location.pathname === '/account/prove';
document.addEventListener('submit', ({ target: form }) => {
  if (form.method !== 'post' || isAsked) return;
  const fields = typed(form).map(field => [field.name, field.value, ['checkbox', 'radio'].includes(field.type) ? field.checked : null]);
  const waits = { page: location.pathname + location.search, action: form.getAttribute('action'), who: root.dataset.who, fields };
  try { sessionStorage.setItem('waits', JSON.stringify(waits)); } catch { /* no room: it is typed again */ }
});
const unsent = JSON.parse(sessionStorage.getItem('waits') ?? 'null');
if (unsent && isAsked) {
  sessionStorage.setItem('waits', JSON.stringify({ ...unsent, asked: true }));
} else if (unsent) {
  sessionStorage.removeItem('waits');
  const isBack = unsent.asked && unsent.page === location.pathname + location.search && unsent.who === root.dataset.who;
  const form = isBack && all('form').find(found => found.getAttribute('action') === unsent.action);
  for (const field of form ? typed(form) : []) {
    const isChoice = ['checkbox', 'radio'].includes(field.type);
    const [, value, checked] = unsent.fields.find(([name, value]) => name === field.name && (!isChoice || value === field.value)) ?? [];
    if (value === undefined) continue;
    if (isChoice) field.checked = checked;
    else field.value = value;
  }
}

// A session that is not used ends. Two minutes before, the page asks; the tabs of a browser share one session and tell each other of its use.
const idle = document.querySelector('dialog[data-idle]');
if (idle) {
  const warnMs = idle.dataset.warnSeconds * 1000;
  let ends = Date.parse(idle.dataset.endsAt);
  let idleAt = 0;
  const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('guildhall-session') : null;
  const used = (at, from) => {
    if (at <= idleAt) return;
    idleAt = at;
    idle.querySelector('time').dateTime = new Date(at).toISOString();
    if (idle.open && idleAt - now() > warnMs) idle.close();
    if (!from) tabs?.postMessage({ idleAt });
    watch();
  };
  const leave = why => {
    location.assign(`/sign-in?ended=${why}&returnUrl=${encodeURIComponent(location.pathname + location.search)}`);
  };
  let timer;
  const watch = () => {
    clearTimeout(timer);
    const [at, why] = ends < idleAt ? [ends, 'time'] : [idleAt, 'idle'];
    const left = at - now();
    // A little later than the server's end, so that the server agrees.
    if (left <= -2000) { leave(why); return; }
    if (why === 'idle' && left <= warnMs && !idle.open) idle.showModal();
    timer = setTimeout(watch, Math.min(left > warnMs ? left - warnMs : left + 2000, 2 ** 31 - 1));
  };
  const stay = async () => {
    try {
      const answer = await fetch('/api/v1/sessions/current');
      if (answer.status === 401) { leave('idle'); return; }
      const session = await answer.json();
      ends = Date.parse(session.expiresAt);
      used(Date.parse(session.idleAt));
    } catch { /* no network: the countdown goes on, and so may the reader */ }
  };
  idle.querySelector('[data-stay]').addEventListener('click', stay);
  // Who waves the question away is there.
  idle.addEventListener('close', () => { if (idleAt - now() <= warnMs) stay(); });
  tabs?.addEventListener('message', event => used(event.data.idleAt, 'another tab'));
  document.addEventListener('visibilitychange', () => { if (!document.hidden) watch(); });
  used(Date.parse(idle.dataset.idleAt));
}

// <form data-passkey="create|get" data-begin="address">: what to sign is fetched, the browser asks the person, and its answer goes with the form. WebAuthn's
// binary members are base64url in JSON; they are turned by hand, since not every browser and password manager has the methods for it.
const toBytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));
const toText = buffer => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const withIds = list => (list ?? []).map(item => ({ ...item, id: toBytes(item.id) }));
const toOptions = ({ challenge, user, excludeCredentials, allowCredentials, ...rest }) => ({
  ...rest, challenge: toBytes(challenge), ...(user && { user: { ...user, id: toBytes(user.id) } }),
  excludeCredentials: withIds(excludeCredentials), allowCredentials: withIds(allowCredentials),
});
function toJson({ id, rawId, type, response }) {
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].map(name => [name, toText(response[name]) || undefined]);
  return JSON.stringify({ id, rawId: toText(rawId), type, clientExtensionResults: {}, response: { ...Object.fromEntries(parts), transports: response.getTransports?.() } });
}

async function askForPasskey(form) {
  const answer = await fetch(form.dataset.begin, { method: 'POST', body: new FormData(form), headers: { accept: 'application/json' } });
  if (answer.redirected) { location.assign(answer.url); return null; }
  if (!answer.ok) return answer.status === 429 ? 'wait' : 'failed';
  const { token, options } = await answer.json();
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey: toOptions(options) });
  form.elements.token.value = token;
  form.elements.credential.value = toJson(credential);
  form.submit();
  return null;
}

const passkeyTroubles = { NotAllowedError: 'cancelled', AbortError: 'cancelled', InvalidStateError: 'known' };
document.addEventListener('submit', async event => {
  const form = event.target;
  if (!form.dataset.passkey) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = 'yes';
  const place = form.querySelector('[data-said]');
  place.hidden = true;
  const trouble = await askForPasskey(form).catch(problem => passkeyTroubles[problem.name] ?? 'failed');
  if (!trouble) return;
  place.textContent = form.dataset[trouble];
  place.hidden = false;
  delete form.dataset.busy;
});

// A form is sent once; a second press while the first is on its way is ignored.
document.addEventListener('submit', event => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = 'yes';
  event.submitter?.setAttribute('aria-busy', 'true');
});
window.addEventListener('pageshow', event => {
  // A page from the back-forward cache shows the past; money pages must not.
  if (event.persisted) location.reload();
});
