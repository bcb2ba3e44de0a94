/*
 * Keeps a whole build of the page, so that it opens without a network.
 *
 * Online, the page itself comes from the network, so that a visitor has the newest one. What it
 * loads has the hash of its contents in its name: that is taken from whichever build keeps it, and
 * no build's parts can be mixed with another's. A new build waits until the last page of the old
 * one is closed, and only then removes what that may still load.
 */

// TypeScript knows a worker's names or a page's, not both in one program.
interface WaitingEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
declare const clients: { claim(): Promise<void> };

/**
 * Written in front of this script by scripts/page-build.js: a hash of all that follows it, and of
 * what it keeps.
 */
declare const VERSION: string;
/** What it keeps, by path; with the hash of its contents where that is not in its name. */
declare const FILES: Record<string, string>;

const FOLDER = new URL('./', location.href).href;
/** Pages in other folders of the same site have caches of theirs. */
const OWN = `spiralnet ${FOLDER} `;
const CACHE = OWN + VERSION;

addEventListener('install', (event) => (event as WaitingEvent).waitUntil(keep()));
addEventListener('activate', (event) =>
  // A page that was opened before there was anything kept can lose its network, too.
  (event as WaitingEvent).waitUntil(Promise.all([clients.claim(), removeOthers()])),
);
addEventListener('fetch', (event) => answer(event as FetchEvent));

function answer(event: FetchEvent): void {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(FOLDER)) return;
  if (request.mode !== 'navigate') event.respondWith(fileFor(request));
  else if (isPage(request.url)) event.respondWith(pageFor(request));
}

/** What else is asked for by its address is between the browser and the server. */
function isPage(url: string): boolean {
  const { origin, pathname } = new URL(url);
  return [FOLDER, `${FOLDER}index.html`].includes(origin + pathname);
}

async function pageFor(request: Request): Promise<Response> {
  try {
    // Not from the browser's own cache: that may still have a page whose parts are gone from the
    // server.
    return await fetch(request, { cache: 'no-cache' });
  } catch (error) {
    const page = await kept(FOLDER);
    if (page) return page;
    throw error;
  }
}

async function fileFor(request: Request): Promise<Response> {
  return (await kept(request)) ?? fetch(request);
}

async function kept(request: Request | string): Promise<Response | undefined> {
  for (const cacheName of await ownCaches()) {
    const file = await caches.match(request, { cacheName, ignoreVary: true });
    if (file) return file;
  }
  return undefined;
}

/**
 * All or nothing: where a file is missing or is of another build, this one is tried again at a
 * later visit.
 */
async function keep(): Promise<void> {
  const requests = Object.entries(FILES).map(
    ([path, integrity]) => new Request(path, integrity ? { integrity, cache: 'reload' } : {}),
  );
  try {
    await (await caches.open(CACHE)).addAll(requests);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function removeOthers(): Promise<void> {
  const names = await ownCaches();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/** Newest first. */
async function ownCaches(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(OWN)).reverse();
}

export {};
