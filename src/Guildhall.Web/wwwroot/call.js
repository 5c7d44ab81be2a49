// The call of a booking (WebRTC). What happens is told by the server's stream, in order; what is done here is asked of the API. Times are the server's.
const room = document.querySelector('[data-call]');
const part = name => room.querySelector(`[data-${name}]`);
const { call: booking, me } = room.dataset;
const servers = JSON.parse(room.dataset.servers).map(({ urls, username, credential }) => ({ urls, username, credential }));
const signOfLife = 5000;

// idle → calling or ringing → accepted → idle
let state = 'idle';
let id = null; // of the call under way
let isCaller = false;
let media = null;
let peer = null; // the connection, with the name of its offer
let beat = null;
let caughtUp = false;

const post = (address, body) => fetch('/api/v1' + address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body), keepalive: !body });
const act = name => post(`/calls/${id}/actions/${name}`);
const signal = (kind, data) => post(`/calls/${id}/signals`, { kind, text: JSON.stringify(data) });

function show(next, says) {
  const before = document.activeElement;
  state = next;
  room.dataset.state = next;
  part('says').textContent = room.dataset[says ?? next];
  for (const button of room.querySelectorAll('[data-act]')) button.hidden = !button.dataset.when.split(' ').includes(next);
  // Who goes by keyboard is not left on a button that is gone.
  if (before?.matches('[data-act]') && before.hidden) room.querySelector('[data-act]:not([hidden])')?.focus();
}

async function useMedia() {
  for (const wish of [{ audio: true, video: true }, { audio: true }]) {
    try { media ??= await navigator.mediaDevices.getUserMedia(wish); } catch { /* the next wish is smaller */ }
  }
  part('aside').textContent = media ? '' : room.dataset.silent;
  part('me-video').srcObject = media;
}

function leaveMedia() {
  media?.getTracks().forEach(track => track.stop());
  media = null;
  part('me-video').srcObject = part('them-video').srcObject = null;
  for (const name of ['mute', 'camera']) room.querySelector(`[data-act=${name}]`).setAttribute('aria-pressed', 'false');
}

function newPeer(name, offers) {
  peer?.connection.close();
  const connection = new RTCPeerConnection({ iceServers: servers });
  const mine = { connection, name, early: [] };
  const theirs = new MediaStream();
  part('them-video').srcObject = theirs;
  connection.addEventListener('track', ({ track }) => theirs.addTrack(track));
  connection.addEventListener('icecandidate', ({ candidate }) => { if (candidate && peer === mine) signal('candidate', { name, candidate }); });
  connection.addEventListener('connectionstatechange', () => {
    if (peer !== mine || state !== 'accepted') return;
    const is = connection.connectionState;
    room.dataset.connection = is;
    part('says').textContent = room.dataset[is === 'connected' ? 'connected' : is === 'failed' ? 'failed' : 'connecting'];
    if (is === 'failed' && isCaller) setTimeout(() => { if (peer === mine && state === 'accepted') offer(); }, 2000);
  });
  if (media) for (const track of media.getTracks()) connection.addTrack(track, media);
  for (const kind of offers ? ['audio', 'video'] : []) {
    if (!media?.getTracks().some(track => track.kind === kind)) connection.addTransceiver(kind, { direction: 'recvonly' });
  }
  return mine;
}

async function offer() {
  const mine = peer = newPeer(crypto.randomUUID(), true);
  await mine.connection.setLocalDescription();
  if (peer === mine) await signal('offer', { name: mine.name, sdp: mine.connection.localDescription.sdp });
}

async function hearOffer({ name, sdp }) {
  // Both made an offer at once: that of whoever called stands.
  if (peer?.connection.signalingState === 'have-local-offer' && isCaller) return;
  const mine = peer = newPeer(name);
  await mine.connection.setRemoteDescription({ type: 'offer', sdp });
  await takeEarly(mine);
  await mine.connection.setLocalDescription();
  if (peer === mine) await signal('answer', { name, sdp: mine.connection.localDescription.sdp });
}

async function takeEarly(mine) {
  for (const candidate of mine.early.splice(0)) await mine.connection.addIceCandidate(candidate);
}

async function hearSignal(kind, data) {
  if (kind === 'offer') await hearOffer(data);
  else if (peer?.name !== data.name) return; // of a connection that was given up
  else if (kind === 'answer') {
    await peer.connection.setRemoteDescription({ type: 'answer', sdp: data.sdp });
    await takeEarly(peer);
  }
  else if (peer.connection.remoteDescription) await peer.connection.addIceCandidate(data.candidate);
  else peer.early.push(data.candidate);
}

async function stay() {
  try {
    const answer = await act('here');
    if (answer.status === 409) finish('over');
  } catch { /* no network: the next sign goes to whichever node answers */ }
}

async function enter(says) {
  show('accepted', says ?? 'connecting');
  await useMedia();
  if (state !== 'accepted') { leaveMedia(); return; }
  await stay();
  clearInterval(beat);
  beat = setInterval(stay, signOfLife);
}

function finish(says) {
  clearInterval(beat);
  peer?.connection.close();
  peer = null;
  id = null;
  delete room.dataset.connection;
  leaveMedia();
  show('idle', says);
}

// What happened before this page was opened is only how it stands; what browsers told each other then is of no use here.
const past = [];
async function hear({ callId, kind, personId, body }) {
  if (kind === 'rang') {
    id = callId;
    isCaller = personId === me;
    show(isCaller ? 'calling' : 'ringing');
  } else if (callId !== id) {
    return;
  } else if (kind === 'accepted') {
    await enter();
    if (isCaller && id === callId) await offer();
  } else if (['declined', 'missed', 'cancelled', 'ended'].includes(kind)) {
    finish(kind === 'ended' ? 'over' : kind);
  } else if (body && personId !== me && state === 'accepted') {
    await hearSignal(kind, JSON.parse(body));
  }
}

async function catchUp() {
  const last = [...past].reverse().find(told => told.kind === 'rang');
  const told = last ? past.filter(event => event.callId === last.callId && !event.body).map(event => event.kind) : [];
  caughtUp = true;
  if (!last || told.some(kind => ['declined', 'missed', 'cancelled', 'ended'].includes(kind))) return;
  id = last.callId;
  isCaller = last.personId === me;
  if (!told.includes('accepted')) { show(isCaller ? 'calling' : 'ringing'); return; }
  await enter();
  if (id) await offer(); // the page was opened anew: so is the connection
}

// One after the other, in the order of the server.
let turn = Promise.resolve();
const inTurn = work => { turn = turn.then(work).catch(() => { if (state === 'accepted') part('says').textContent = room.dataset.failed; }); };
const topic = `call:${booking}`;
const stream = new EventSource('/events?' + new URLSearchParams({ topics: topic, after: `${topic}=${room.dataset.after}` }));
stream.addEventListener('call', event => {
  const { data } = JSON.parse(event.data);
  if (caughtUp) inTurn(() => hear(data));
  else past.push(data);
});
stream.addEventListener('open', () => { if (!caughtUp) setTimeout(() => inTurn(catchUp), 500); });

room.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-act]');
  if (!button) return;
  const name = button.dataset.act;
  if (name === 'mute' || name === 'camera') {
    const isOff = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(isOff));
    media?.getTracks().filter(track => track.kind === (name === 'mute' ? 'audio' : 'video')).forEach(track => { track.enabled = !isOff; });
    return;
  }
  button.disabled = true;
  try {
    if (name === 'ring' || name === 'accept') await useMedia(); // asked of the person while they press
    const answer = await (name === 'ring' ? post(`/bookings/${booking}/calls`) : act(name));
    if (!answer.ok) part('aside').textContent = (await answer.json().catch(() => ({}))).detail ?? room.dataset.failed;
  } catch { part('aside').textContent = room.dataset.failed; }
  button.disabled = false;
});
window.addEventListener('pagehide', () => {
  if (state === 'accepted') navigator.sendBeacon(`/api/v1/calls/${id}/actions/leave`);
  stream.close();
});

show('idle');
room.hidden = false;
